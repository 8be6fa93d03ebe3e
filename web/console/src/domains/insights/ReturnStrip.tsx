import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { percent } from "./numbers";
import type { ArmsRow } from "./queries";

export type Returned = {
  days: number;
  n: number;
  denominator: number;
  rate_bp: number | null;
  low_bp: number | null;
  high_bp: number | null;
};

type Props = {
  rows: readonly Returned[];
  arms: readonly ArmsRow[];
  chosen: number;
  onChoose: (days: number) => void;
};

/** Repurchase within 30 to 365 days side by side, each with its hold-out; one of them is looked at closely. */
export function ReturnStrip({ rows, arms, chosen, onChoose }: Props) {
  const { t } = useTranslation("insights");
  return (
    <fieldset className="insights-strip">
      <legend className="insights-unseen">{t("strip.choose")}</legend>
      {rows.map((row) => {
        const beside = arms.find((one) => one.days === row.days);
        return (
          <button
            type="button"
            key={row.days}
            className="insights-tile"
            aria-pressed={row.days === chosen}
            onClick={() => onChoose(row.days)}
          >
            <span className="insights-tile-name">{t("strip.days", { days: row.days })}</span>
            <strong className="num">{percent(row.rate_bp)}</strong>
            <span className="quiet num">{t("ofMembers", { n: count(row.n), of: count(row.denominator) })}</span>
            {beside && <span className="quiet num">{t("strip.heldOut", { share: percent(beside.held_out_bp) })}</span>}
          </button>
        );
      })}
    </fieldset>
  );
}
