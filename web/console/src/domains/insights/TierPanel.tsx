import { answer, api } from "@regulars/shared/api/client";
import { count } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { Behind } from "./Behind";
import { Defined } from "./Defined";
import { Downloads } from "./Downloads";
import { percent } from "./numbers";
import type { Tiers } from "./queries";

/** Where members stand: the highest level first, each leading to its members. */
export function TierPanel({ tiers }: { tiers: Tiers }) {
  const { t } = useTranslation("insights");
  const plan = usePlan();
  const order = [...(plan?.levels.map((level) => level.id) ?? [])].reverse();
  const place = (level: string | null) => (level === null ? order.length + 1 : order.indexOf(level));
  const rows = [...tiers.levels].sort((one, other) => place(one.level) - place(other.level));
  const most = Math.max(1, ...rows.map((row) => row.members));
  const name = (level: string | null) =>
    level === null ? t("tiers.none") : said(plan?.levels.find((one) => one.id === level)?.label) || level;
  return (
    <>
      <div className="insights-head">
        <h2>{t("tiers.title")}</h2>
        <Defined metric="tiers" about={tiers.about} />
        <Downloads
          what={t("tiers.title")}
          name="tiers"
          load={(format) => answer(api.GET("/v1/insights/tiers", { params: { query: { format } }, parseAs: "blob" }))}
        />
      </div>
      <ul className="insights-tiers">
        {rows.map((row) => (
          <li key={row.level ?? ""}>
            <span>{name(row.level)}</span>
            <span className="num">
              <Behind
                bucket={
                  row.level === null
                    ? { of: "tiers", by: "tier", missing: true }
                    : { of: "tiers", by: "tier", key: row.level }
                }
              >
                {count(row.members)}
              </Behind>{" "}
              <span className="quiet">{percent(row.share_bp)}</span>
            </span>
            <span className="insights-track" aria-hidden="true">
              <span style={{ width: `${(row.members / most) * 100}%` }} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
