import type { Answer } from "@regulars/shared/api/client";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { amountOf } from "../../mine/amounts";
import { Icon } from "../../parts/Icon";
import type { Benefit } from "./perks";

type Tiers = Answer<"/m/v1/me/tiers", "get">;
type Level = Tiers["levels"][number];
type Props = { tiers: Tiers; benefits: readonly Benefit[] };

/** What each level needs and brings, those I have reached and those I have not. */
export function Levels({ tiers, benefits }: Props) {
  const { t } = useTranslation("loyalty");
  const { currency } = tiers.progress;
  const needs = (level: Level) => {
    if (level.invited) {
      return t("tiers.invited");
    }
    return level.threshold === 0
      ? t("tiers.fromStart")
      : t("tiers.from", { amount: amountOf(level.threshold, currency), unit: tiers.label });
  };
  return (
    <section className="levels">
      <h2>{t("tiers.benefits")}</h2>
      <ol>
        {tiers.levels.map((level) => (
          <li key={level.level} className="surface level" data-unlocked={level.unlocked}>
            <header>
              <h3>{level.label}</h3>
              {level.current && <span className="badge">{t("tiers.here")}</span>}
              <p className="quiet">
                {needs(level)}
                {level.missing > 0 &&
                  !level.invited &&
                  ` · ${t("tiers.missing", { amount: amountOf(level.missing, currency) })}`}
              </p>
            </header>
            <Brings level={level} benefits={benefits.filter((one) => one.levels?.includes(level.level) ?? true)} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Brings({ level, benefits }: { level: Level; benefits: readonly Benefit[] }) {
  const { t } = useTranslation("loyalty");
  const shape = level.unlocked ? "check" : "lock";
  const state = level.unlocked ? t("tiers.unlocked") : t("tiers.locked");
  const words = level.benefits.length + benefits.length === 0 ? [t("tiers.basic")] : level.benefits;
  return (
    <ul className="benefits">
      {words.map((one) => (
        <li key={one}>
          <Icon shape={shape} size={18} />
          <span>
            <span className="only-read">{state}: </span>
            {one}
          </span>
        </li>
      ))}
      {benefits.map((one) => (
        <li key={one.id}>
          <Icon shape={shape} size={18} />
          <span>
            <span className="only-read">{state}: </span>
            {said(one.label)}
            {one.quota && (
              <span className="quiet num">
                {" · "}
                {t("tiers.often", { times: count(one.quota.times), period: said(one.quota.words) })}
              </span>
            )}
            {one.condition && <span className="quiet"> · {t("tiers.needs", { condition: said(one.condition) })}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
