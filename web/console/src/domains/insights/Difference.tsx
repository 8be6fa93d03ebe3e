import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { percent, points } from "./numbers";
import type { ArmsRow } from "./queries";

/** The difference to the hold-out in plain words: which way, how much, how sure, and whether there are too few to say. */
export function Difference({ arms }: { arms: ArmsRow }) {
  const { t } = useTranslation("insights");
  const { difference_bp, low_bp, high_bp } = arms;
  if (difference_bp === null || low_bp === null || high_bp === null) {
    return <p className="insights-words">{t("difference.unknown")}</p>;
  }
  const words = { difference: points(difference_bp), low: points(low_bp), high: points(high_bp) };
  return (
    <div className="insights-words">
      <p>
        {low_bp > 0 && t("difference.more", words)}
        {high_bp < 0 && t("difference.less", words)}
        {low_bp <= 0 && high_bp >= 0 && t("difference.unclear", words)}
      </p>
      <p className="quiet">
        {t("difference.beside", {
          rest: percent(arms.rest_bp),
          restOf: count(arms.rest_denominator),
          heldOut: percent(arms.held_out_bp),
          heldOutOf: count(arms.held_out_denominator),
        })}
      </p>
      {arms.small && (
        <p className="insights-few">
          {t("difference.few", { count: Math.min(arms.rest_denominator, arms.held_out_denominator) })}
        </p>
      )}
    </div>
  );
}
