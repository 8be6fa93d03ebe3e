import { money } from "@regulars/shared/format/money";
import { count } from "@regulars/shared/format/numbers";
import { useOutline } from "@regulars/shared/session/outline";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Total } from "./entries";

const FIGURES = [
  { name: "issued", kind: "grant" },
  { name: "spent", kind: "spend" },
  { name: "expired", kind: "expire" },
  { name: "reversed", kind: "reverse" },
] as const;
const PARTS = ["available", "pending", "held", "debt"] as const;

/** What all balances of a unit come to, each number with what it means, and what the rest is worth at most. */
export function Figures({ total, currency }: { total: Total; currency: string }) {
  const { t } = useTranslation("ledger");
  const show = (value: number) => (total.money ? money(value, currency) : count(value));
  const worth = useWorth(total);
  return (
    <dl className="ledger-figures">
      <div className="ledger-main">
        <dt>{t("figure.outstanding")}</dt>
        <dd className="num">{show(total.outstanding)}</dd>
        <dd className="quiet num">
          {PARTS.map((name) => t(`part.${name}`, { amount: show(total[name]) })).join(" · ")}
        </dd>
        <dd className="quiet">
          {t("define.outstanding")} {worth !== null && t("figure.worth", { amount: money(worth, currency) })}
        </dd>
      </div>
      {FIGURES.map(({ name, kind }) => (
        <div key={name}>
          <dt>{t(`figure.${name}`)}</dt>
          <dd className="num">
            <Link to={`/ledger?kind=${kind}&unit=${total.unit}`}>{show(total[name])}</Link>
          </dd>
          <dd className="quiet">{t(`define.${name}`)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the whole of it would pay if every unit were used at its price of today; null where it pays nothing. */
function useWorth(total: Total): number | null {
  const content = useOutline()?.find((item) => item.path === `units.${total.unit}`)?.content;
  const redeem = content?.redeem as { points: number; worth: number } | null | undefined;
  return redeem && !total.money ? Math.floor(total.outstanding / redeem.points) * redeem.worth : null;
}
