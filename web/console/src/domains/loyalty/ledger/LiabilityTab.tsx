import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed, NeverAny } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useSearchValue } from "@regulars/shared/url/search";
import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { Figures } from "./Figures";
import { History } from "./History";
import { Proof } from "./Proof";

/** What members are still owed, unit by unit: what was issued, spent and expired, and when the rest lapses. */
export function LiabilityTab({ history }: { history: boolean }) {
  const { t } = useTranslation("ledger");
  const query = useQuery({
    queryKey: ["ledger", "totals"],
    queryFn: ({ signal }) => answer(api.GET("/v1/ledger/totals", { signal })),
  });
  // In the order of the programme, which begins with what it calls points.
  const order = Object.keys(usePlan()?.units ?? {});
  const items = [...(query.data?.items ?? [])].sort(
    (one, other) => order.indexOf(one.unit) - order.indexOf(other.unit),
  );
  const [unit, setUnit] = useSearchValue("unit", items[0]?.unit ?? "");
  if (query.error) {
    return <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return <Loading />;
  }
  const total = items.find((one) => one.unit === unit) ?? items[0];
  if (total === undefined) {
    return <NeverAny text={t("liability.never")} />;
  }
  return (
    <div className="ledger-stack">
      {items.length > 1 && (
        <div className="ledger-scroll">
          <Segmented
            aria-label={t("field.unit")}
            value={total.unit}
            options={items.map((one) => ({ value: one.unit, label: said(one.label) }))}
            onChange={setUnit}
          />
        </div>
      )}
      <Figures total={total} currency={query.data.currency} />
      {history ? (
        <History total={total} currency={query.data.currency} />
      ) : (
        <p className="quiet">{t("liability.noHistory")}</p>
      )}
      <Proof />
    </div>
  );
}
