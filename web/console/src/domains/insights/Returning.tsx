import { answer, api } from "@regulars/shared/api/client";
import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { Behind } from "./Behind";
import { CurveChart } from "./CurveChart";
import { Defined } from "./Defined";
import { Difference } from "./Difference";
import { Downloads } from "./Downloads";
import { percent } from "./numbers";
import type { About, ArmsRow, Asked } from "./queries";
import { Ready } from "./Ready";
import { type Returned, ReturnStrip } from "./ReturnStrip";
import { useCurves } from "./useCurves";
import { useWithin } from "./useWithin";

type Props = { asked: Asked; about: About; rows: readonly Returned[]; arms: readonly ArmsRow[] };

/** The number this house is about: how many come back, how that compares with the hold-out, and how soon. */
export function Returning({ asked, about, rows, arms }: Props) {
  const { t } = useTranslation("insights");
  const [chosen, choose] = useWithin();
  const row = rows.find((one) => one.days === chosen);
  const beside = asked.arm ? [] : arms.filter((one) => one.metric === "repurchase");
  const difference = beside.find((one) => one.days === chosen);
  const { query, curves } = useCurves(asked);
  return (
    <section className="panel insights-returning" aria-label={t("returning.title")}>
      <div className="insights-hero">
        <div className="insights-hero-number">
          <div className="insights-head">
            <h2>{t("returning.within", { days: chosen })}</h2>
            <Defined metric="repurchase" about={about} />
            <Downloads
              what={t("returning.title")}
              name="repurchase"
              load={(format) =>
                answer(api.GET("/v1/insights/repurchase", { params: { query: { ...asked, format } }, parseAs: "blob" }))
              }
            />
          </div>
          <p className="insights-big">
            <Behind bucket={row?.n ? { ...asked, of: "repurchase", days: chosen, outcome: "yes" } : null}>
              {percent(row?.rate_bp)}
            </Behind>
          </p>
          <p className="quiet">
            {t("ofMembers", { n: count(row?.n), of: count(row?.denominator) })}
            {row?.rate_bp != null && ` · ${t("interval", { low: percent(row.low_bp), high: percent(row.high_bp) })}`}
          </p>
          {difference && <Difference arms={difference} />}
          <p>
            <Behind bucket={row?.denominator ? { ...asked, of: "repurchase", days: chosen, outcome: "no" } : null}>
              {t("returning.notYet", { count: (row?.denominator ?? 0) - (row?.n ?? 0) })}
            </Behind>
          </p>
        </div>
        <div className="insights-hero-curve">
          <Ready query={query} rows={8}>
            {(found) => <CurveChart curves={curves} about={found.about} height={290} />}
          </Ready>
        </div>
      </div>
      <ReturnStrip rows={rows} arms={beside} chosen={chosen} onChoose={choose} />
    </section>
  );
}
