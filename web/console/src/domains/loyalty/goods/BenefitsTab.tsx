import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { FilterBar } from "@regulars/shared/desk/filters/FilterBar";
import type { Filter } from "@regulars/shared/desk/filters/filters";
import { useFilters } from "@regulars/shared/desk/filters/useFilters";
import { Failed, NeverAny } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { day } from "@regulars/shared/format/dates";
import { useMay } from "@regulars/shared/session/session";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { BenefitChart } from "./BenefitChart";
import { BenefitTable } from "./BenefitTable";
import { EffectPanel } from "./EffectPanel";

/** What each benefit came to in a time, what it cost and what it did; a year to today unless other days are asked for. */
export function BenefitsTab() {
  const { t } = useTranslation("goods");
  const may = useMay();
  const filters = useMemo<readonly Filter[]>(
    () => [{ kind: "days", from: "from", to: "to", label: t("benefits.days") }],
    [t],
  );
  const { values, set } = useFilters(filters);
  const to = values.to ?? day(new Date());
  const from = values.from ?? `${Number(to.slice(0, 4)) - 1}${to.slice(4, 8)}01`;
  const query = useQuery({
    queryKey: ["goods", "benefits", from, to],
    queryFn: ({ signal }) => answer(api.GET("/v1/benefits/report", { params: { query: { from, to } }, signal })),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="goods-stack">
      <FilterBar filters={filters} values={{ ...values, from, to }} onChange={set} />
      {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {!query.error && query.data === undefined && <Loading />}
      {!query.error && query.data && query.data.items.length === 0 && <NeverAny text={t("benefits.never")} />}
      {!query.error && query.data && query.data.items.length > 0 && (
        <>
          <BenefitTable report={query.data} />
          <BenefitChart report={query.data} />
          <p className="quiet">{t("benefits.lead", { from, to })}</p>
          {may("reports.read") && <EffectPanel from={from} to={to} />}
        </>
      )}
    </div>
  );
}
