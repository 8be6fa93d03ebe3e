import { longDay } from "@regulars/shared/format/dates";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { Empty } from "../../parts/Empty";
import { Meter } from "../../parts/Meter";
import type { Benefit } from "./perks";

/** What I may have now: how much of each is used and left in this period, and when new ones come. */
export function Benefits({ benefits }: { benefits: readonly Benefit[] }) {
  const { t } = useTranslation("loyalty");
  const mine = benefits.filter((one) => one.eligible);
  if (mine.length === 0) {
    return <Empty title={t("tiers.noPerks")} />;
  }
  return (
    <ul className="perks">
      {mine.map((one) => (
        <Perk key={one.id} benefit={one} />
      ))}
    </ul>
  );
}

function Perk({ benefit }: { benefit: Benefit }) {
  const { t } = useTranslation("loyalty");
  const { granted, used, left, next_at } = benefit;
  const name = said(benefit.label);
  if (granted === null || left === null) {
    return (
      <li>
        <p className="perk-head">
          <span>{name}</span>
          <span>{t("tiers.unlimited")}</span>
        </p>
      </li>
    );
  }
  const usedWords = t("tiers.used", { used: count(used), granted: count(granted) });
  return (
    <li>
      <p className="perk-head num">
        <span>{name}</span>
        <span>{t("tiers.left", { left: count(left) })}</span>
      </p>
      <Meter label={name} said={usedWords} from={0} to={granted} now={used} />
      <p className="quiet num">
        {usedWords}
        {next_at && used > 0 && ` · ${t("tiers.nextOn", { day: longDay(next_at) })}`}
      </p>
    </li>
  );
}
