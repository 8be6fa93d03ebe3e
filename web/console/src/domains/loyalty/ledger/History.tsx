import { type Answer, answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Freshness } from "@regulars/shared/desk/states/Freshness";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { said } from "@regulars/shared/session/plan";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Download } from "./Download";
import { DueChart } from "./DueChart";
import type { Total } from "./entries";
import { MonthsChart } from "./MonthsChart";

export type Points = Exclude<Answer<"/v1/insights/points", "get">, string>;
const DEFINED = [
  "points_issued",
  "points_spent",
  "points_expired",
  "points_reversed",
  "points_outstanding",
  "points_due",
];

/** Month by month what came and went, when the rest lapses, and what each of these numbers counts. */
export function History({ total, currency }: { total: Total; currency: string }) {
  const { t } = useTranslation("ledger");
  const query = useQuery({
    queryKey: ["ledger", "points"],
    queryFn: async ({ signal }) => (await answer(api.GET("/v1/insights/points", { signal }))) as Points,
    staleTime: 60_000,
  });
  if (query.error) {
    return <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return <Loading rows={8} />;
  }
  const { about, months, due } = query.data;
  const of = <Row extends { unit: string }>(rows: readonly Row[]) => rows.filter((row) => row.unit === total.unit);
  return (
    <>
      <div className="ledger-pair">
        <DueChart total={total} rows={of(due)} currency={currency} />
        <MonthsChart total={total} rows={of(months)} currency={currency} />
      </div>
      <div className="ledger-row">
        <Freshness at={about.watermark} busy={query.isFetching} onRecompute={() => void query.refetch()} />
        <Download />
      </div>
      <details className="ledger-defined">
        <summary>{t("liability.defined")}</summary>
        <dl>
          {about.definitions
            .filter((one) => DEFINED.includes(one.name))
            .map((one) => (
              <div key={one.name}>
                <dt>{said(one.label)}</dt>
                <dd>{said(one.text)}</dd>
              </div>
            ))}
        </dl>
        <p className="quiet">{t("liability.zone", { zone: about.zone })}</p>
      </details>
    </>
  );
}
