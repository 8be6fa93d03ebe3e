import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { Ladder as Stairs } from "../Ladder";
import type { Item } from "../versions";
import { Faults } from "./Field";
import { KeepFields } from "./KeepFields";
import { LevelRow } from "./LevelRow";
import { PolicyFields } from "./PolicyFields";
import type { Ladder, Plan } from "./reading";
import { useThreshold } from "./threshold";
import type { Table } from "./useTable";
import { WindowFields } from "./WindowFields";

type Props = { table: Table; plan: Plan; ladder: Ladder; editable: boolean };

/** One ladder to scale, and everything about it that can be changed. */
export function LadderForm({ table, plan, ladder, editable }: Props) {
  const { t } = useTranslation("tiers");
  const name = said(ladder.label) || t("ladder.main");
  return (
    <section className="tiers-ladder" aria-label={name}>
      <h2>{name}</h2>
      <p className="quiet">
        <Counted plan={plan} ladder={ladder} />
      </p>
      <Scale ladder={ladder} currency={plan.currency} />
      {editable && <Fields table={table} plan={plan} ladder={ladder} />}
    </section>
  );
}

function Fields({ table, plan, ladder }: Omit<Props, "editable">) {
  const { t } = useTranslation("tiers");
  const known = table.first?.ladders.find((one) => one.id === ladder.id)?.levels.map((level) => level.id) ?? [];
  return (
    <>
      <fieldset className="tiers-plain">
        <legend>{t("levels")}</legend>
        <div className="tiers-levels">
          {ladder.levels.map((level, index) => (
            <LevelRow
              // biome-ignore lint/suspicious/noArrayIndexKey: the place is what a level is written by; its id may be edited.
              key={index}
              table={table}
              ladder={ladder}
              level={level}
              index={index}
              fresh={!known.includes(level.id)}
              currency={plan.currency}
            />
          ))}
        </div>
        <Faults of={table.check.faults.filter((fault) => fault.field === ladder.field)} />
      </fieldset>
      <fieldset className="tiers-plain">
        <legend>{t("keeping")}</legend>
        <div className="tiers-fields">
          <WindowFields table={table} ladder={ladder} />
          <KeepFields table={table} ladder={ladder} />
          <PolicyFields table={table} ladder={ladder} />
        </div>
      </fieldset>
    </>
  );
}

function Counted({ plan, ladder }: { plan: Plan; ladder: Ladder }) {
  const { t } = useTranslation("tiers");
  switch (ladder.counts) {
    case "spend":
    case "visits":
    case "tenure":
    case "invitation":
      return t(`counts.${ladder.counts}`);
    default:
      return t("counts.unit", { unit: said(plan.units[ladder.unit]) || ladder.unit });
  }
}

function Scale({ ladder, currency }: { ladder: Ladder; currency: string }) {
  const { t } = useTranslation("tiers");
  const threshold = useThreshold(ladder.counts, currency);
  const levels = ladder.levels.map((level, index) => {
    const text =
      level.invited || (ladder.counts === "invitation" && index > 0)
        ? t("invitedOnly")
        : t("from", { amount: threshold(level.from) });
    return {
      part: "level",
      path: `${ladder.field}.${index}`,
      title: level.label,
      sentence: { en: text, zh: text },
      content: { from: level.from ?? 0 },
    } satisfies Item;
  });
  return <Stairs levels={levels} />;
}
