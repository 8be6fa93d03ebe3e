import type { Answer } from "@regulars/shared/api/client";
import { useTranslation } from "react-i18next";
import { amountOf } from "../../mine/amounts";
import { placed } from "./ladder-places";

type Tiers = Answer<"/m/v1/me/tiers", "get">;

const HEIGHT = 300;
const LABEL = 44;

/** The levels drawn to scale from the ground up, and where I stand between them. */
export function Ladder({ tiers }: { tiers: Tiers }) {
  const { t } = useTranslation("loyalty");
  const { currency } = tiers.progress;
  const top = Math.max(1, tiers.levels.at(-1)?.threshold ?? 1);
  const rise = (amount: number) => (Math.min(amount, top) / top) * HEIGHT;
  const labels = placed(
    tiers.levels.map((level) => rise(level.threshold)),
    LABEL,
  );
  const height = Math.max(HEIGHT, ...labels) + LABEL;
  return (
    <section className="surface ladder-box">
      <h2>{t("tiers.ladder")}</h2>
      <p className="quiet">{t("tiers.scale", { unit: tiers.label })}</p>
      <div className="ladder" style={{ height }}>
        <div className="ladder-rail" aria-hidden="true" style={{ height: HEIGHT }}>
          <span className="ladder-fill" style={{ height: rise(tiers.amount) }} />
        </div>
        <svg className="ladder-lines" aria-hidden="true" width="40" height={height}>
          {tiers.levels.map((level, place) => {
            const from = height - LABEL / 2 - rise(level.threshold);
            const to = height - LABEL / 2 - (labels[place] ?? 0);
            return <path key={level.level} d={`M0 ${from} L14 ${from} L28 ${to} L38 ${to}`} />;
          })}
        </svg>
        <ol className="ladder-levels">
          {tiers.levels.map((level, place) => (
            <li
              key={level.level}
              style={{ bottom: labels[place] }}
              data-current={level.current}
              aria-current={level.current ? "step" : undefined}
            >
              <span>{level.label}</span>
              <span className="num quiet">{amountOf(level.threshold, currency)}</span>
            </li>
          ))}
        </ol>
        <p className="ladder-me" style={{ bottom: rise(tiers.amount) }}>
          <span className="num">{amountOf(tiers.amount, currency)}</span>
          <span className="only-read"> {t("tiers.mine", { unit: tiers.label })}</span>
        </p>
      </div>
    </section>
  );
}
