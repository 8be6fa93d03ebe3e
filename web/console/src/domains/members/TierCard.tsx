import { Panel } from "@regulars/shared/desk/Page";
import { day, instant } from "@regulars/shared/format/dates";
import { count } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { Progress } from "antd";
import { useTranslation } from "react-i18next";
import type { Card } from "./people";

type Level = NonNullable<Card["level"]>;

/** The tier, how far the next one is, and what keeps this one. */
export function TierCard({ card }: { card: Card }) {
  const { t } = useTranslation("members");
  const { level } = card;
  return (
    <Panel title={t("one.tier")}>
      {level ? (
        <Standing level={level} />
      ) : (
        <p className="quiet">{t(card.programme === null ? "tier.noPlan" : "tier.never")}</p>
      )}
    </Panel>
  );
}

function Standing({ level }: { level: Level }) {
  const { t } = useTranslation("members");
  const plan = usePlan();
  const unit = said(plan?.units[level.unit]) || level.unit;
  const from = plan?.levels.find((one) => one.id === level.level)?.from ?? 0;
  return (
    <>
      <p className="tier-name">{said(level.label)}</p>
      <p className="quiet">
        <time title={instant(level.since)}>{t("tier.since", { day: day(level.since) })}</time>
      </p>
      {level.next_label && level.next_from !== null && level.missing_to_next !== null && (
        <div className="members-progress">
          <Progress
            percent={percent(level.balance, from, level.next_from)}
            showInfo={false}
            size="small"
            aria-label={t("tier.progress", { level: said(level.next_label) })}
          />
          <p className="members-progress-ends quiet num">
            <span>{t("tier.balance", { amount: count(level.balance), unit })}</span>
            <span>{count(level.next_from)}</span>
          </p>
          <p>{t("tier.missing", { amount: count(level.missing_to_next), unit, level: said(level.next_label) })}</p>
        </div>
      )}
      <p className="members-keep">{keeping(level, t)}</p>
    </>
  );
}

function keeping(level: Level, t: ReturnType<typeof useTranslation<"members">>["t"]): string {
  const label = said(level.label);
  if (level.keep_until === null) {
    return t("tier.keptForEver", { level: label });
  }
  // Kept until an instant, which is the first that no longer counts: people mean the day before.
  const until = day(new Date(Date.parse(level.keep_until) - 1));
  return level.missing_to_keep > 0
    ? t("tier.toKeep", { amount: count(level.missing_to_keep), day: until, level: label })
    : t("tier.keptUntil", { level: label, day: until });
}

function percent(balance: number, from: number, to: number): number {
  return Math.max(0, Math.min(100, Math.floor(((balance - from) / Math.max(1, to - from)) * 100)));
}
