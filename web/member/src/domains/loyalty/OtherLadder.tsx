import type { Answer } from "@regulars/shared/api/client";
import { useTranslation } from "react-i18next";
import { amountOf } from "../../mine/amounts";
import { NextLevel } from "./NextLevel";

type Other = Answer<"/m/v1/me/tiers", "get">["others"][number];

/** A further ladder of the programme: where I stand on it, how far the next level is, and its levels. */
export function OtherLadder({ ladder }: { ladder: Other }) {
  const { t } = useTranslation("loyalty");
  const { progress, tier } = ladder;
  return (
    <section className="surface other-ladder">
      <h2>{ladder.name}</h2>
      <p>
        <strong>{tier.label}</strong>
      </p>
      <NextLevel progress={progress} />
      <p>{progress.words}</p>
      <p className="quiet">{tier.keep_words ?? t("tiers.noReview")}</p>
      <ol className="other-levels">
        {ladder.levels.map((level) => (
          <li key={level.level} data-current={level.current} aria-current={level.current ? "step" : undefined}>
            <span>{level.label}</span>
            <span className="num quiet">{needs(level)}</span>
          </li>
        ))}
      </ol>
    </section>
  );

  function needs(level: Other["levels"][number]): string {
    if (level.invited) {
      return t("tiers.invited");
    }
    return level.threshold === 0
      ? t("tiers.fromStart")
      : t("tiers.from", { amount: amountOf(level.threshold, progress.currency), unit: ladder.label });
  }
}
