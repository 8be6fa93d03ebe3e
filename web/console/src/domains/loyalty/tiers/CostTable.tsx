import { money } from "@regulars/shared/format/money";
import { count, signed } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import type { Found } from "./reassessments";

type Benefit = Found["cost"]["benefits"][number];

/** What the benefits of levels cost a year at most, before and after: an estimate, with its formula. */
export function CostTable({ found }: { found: Found }) {
  const { t } = useTranslation("tiers");
  const { cost, currency } = found;
  return (
    <section aria-label={t("cost.title")}>
      <h3 className="loyalty-sub">{t("cost.title")}</h3>
      {cost.benefits.length === 0 ? (
        <p className="quiet">{t("cost.none")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keys.
        <section className="loyalty-scroll" tabIndex={0} aria-label={t("cost.table")}>
          <table className="plain-table tiers-cost">
            <thead>
              <tr>
                <th scope="col">{t("benefits.benefit")}</th>
                {(["holders", "gained", "lost", "each", "before", "after", "difference"] as const).map((name) => (
                  <th key={name} scope="col" className="num">
                    {t(`cost.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {cost.benefits.map((one) => (
                <Row key={one.benefit} one={one} currency={currency} />
              ))}
              <tr>
                <th scope="row">{t("cost.all")}</th>
                <td colSpan={4} />
                <td className="num">{money(cost.before, currency)}</td>
                <td className="num">{money(cost.after, currency)}</td>
                <td className="num">
                  <strong>{change(cost.difference, currency)}</strong>
                </td>
              </tr>
            </tbody>
          </table>
        </section>
      )}
      <p className="quiet tiers-lead">{said(cost.formula)}</p>
    </section>
  );
}

function Row({ one, currency }: { one: Benefit; currency: string }) {
  const { t } = useTranslation("tiers");
  return (
    <tr>
      <th scope="row">
        {said(one.label)}
        {one.conditional && <span className="quiet"> · {t("benefits.conditional")}</span>}
      </th>
      <td className="num">{t("cost.fromTo", { before: count(one.before), after: count(one.after) })}</td>
      <td className="num">{signed(one.gained)}</td>
      <td className="num">{signed(-one.lost)}</td>
      <td className="num">{money(one.each_after, currency)}</td>
      <td className="num">{money(one.cost_before, currency)}</td>
      <td className="num">{money(one.cost_after, currency)}</td>
      <td className="num">{one.difference === null ? t("cost.unknown") : change(one.difference, currency)}</td>
    </tr>
  );
}

/** A difference with its sign, also above zero. */
function change(minor: number, currency: string): string {
  return `${minor > 0 ? "+" : ""}${money(minor, currency)}`;
}
