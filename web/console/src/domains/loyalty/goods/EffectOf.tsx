import { Tag } from "@regulars/shared/desk/Tag";
import { money } from "@regulars/shared/format/money";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { direction, type EffectRow, PERIODS, percent, points, type Share } from "./effects";

type Props = { row: EffectRow; days: number; currency: string };

/** One benefit: granted, used, cost, and in words what it did, how sure that is, and whether the benefit is the reason. */
export function EffectOf({ row, days, currency }: Props) {
  const { t } = useTranslation("goods");
  const { causal } = row.effect;
  const facts = [
    [t("effect.eligible"), count(row.eligible)],
    [t("effect.granted"), <Granted key="granted" row={row} />],
    [t("benefits.used"), count(row.used)],
    [t("effect.users"), count(row.users)],
    [t("benefits.cost"), money(row.cost, currency)],
  ] as const;
  return (
    <li className="goods-effect" data-benefit={row.benefit}>
      <div className="goods-acts">
        <h3>{said(row.label)}</h3>
        <Tag tone={causal ? "good" : "warn"}>{t(causal ? "effect.causal" : "effect.notCausal")}</Tag>
      </div>
      <dl className="goods-effect-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      <Words effect={row.effect} days={days} />
    </li>
  );
}

function Granted({ row }: { row: EffectRow }) {
  const { t } = useTranslation("goods");
  const period = PERIODS.find((name) => name === row.period);
  return row.granted === null || period === undefined
    ? t("left.endless")
    : t("effect.grantedEach", { amount: count(row.granted), period: t(`effect.period.${period}`) });
}

function Words({ effect, days }: { effect: EffectRow["effect"]; days: number }) {
  const { t } = useTranslation("goods");
  const { basis, having, lacking, difference_bp, low_bp, high_bp } = effect;
  const way = direction(effect);
  const side = (one: Share) => ({
    share: percent(one.rate_bp),
    n: count(one.n),
    of: count(one.denominator),
    days,
  });
  return (
    <div className="goods-words">
      {having.denominator > 0 && <p>{t(`effect.having.${basis}`, side(having))}</p>}
      {lacking.denominator > 0 && <p>{t(`effect.lacking.${basis}`, side(lacking))}</p>}
      {way === "unknown" ? (
        <p>{t("effect.unknown", { days })}</p>
      ) : (
        <p>
          <strong>
            {t("effect.difference", {
              difference: points(difference_bp ?? 0),
              low: points(low_bp ?? 0),
              high: points(high_bp ?? 0),
            })}
          </strong>{" "}
          {t(`effect.says.${basis}.${way}`)}
        </p>
      )}
      {way !== "unknown" && effect.small && (
        <p className="goods-short">
          {t("effect.few", {
            count: Math.min(having.denominator, lacking.denominator),
            shown: count(Math.min(having.denominator, lacking.denominator)),
          })}
        </p>
      )}
      {basis === "users" && <p className="quiet">{t("effect.measure")}</p>}
    </div>
  );
}
