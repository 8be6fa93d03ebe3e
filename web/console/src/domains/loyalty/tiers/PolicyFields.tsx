import { InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { Field } from "./Field";
import type { Ladder } from "./reading";
import type { Table } from "./useTable";

const CHOICES = [
  ["upgrade", ["at_once", "at_review"]],
  ["downgrade", ["reassess", "one_step", "none"]],
  ["on_refund", ["at_review", "at_once"]],
] as const;
const DAYS = ["grace_days", "notice_days"] as const;
const LONGEST = 365;

/** When members go up, how they go down, and what they are told or left before. */
export function PolicyFields({ table, ladder }: { table: Table; ladder: Ladder }) {
  const { t } = useTranslation("tiers");
  const chosen = { upgrade: ladder.upgrade, downgrade: ladder.downgrade, on_refund: ladder.onRefund };
  const days = { grace_days: ladder.graceDays, notice_days: ladder.noticeDays };
  return (
    <>
      {CHOICES.map(([key, values]) => (
        <Field
          key={key}
          id={`${ladder.id}-${key}`}
          label={t(`policy.${key}`)}
          faults={table.faultsAt(`${ladder.field}.${key}`)}
        >
          <Select<string>
            id={`${ladder.id}-${key}`}
            value={chosen[key]}
            options={values.map((value) => ({ value, label: t(`policy.${key}_${value}`) }))}
            onChange={(value) => table.change({ at: [...ladder.at, key], value })}
          />
        </Field>
      ))}
      {DAYS.map((key) => (
        <Field
          key={key}
          id={`${ladder.id}-${key}`}
          label={t(`policy.${key}`)}
          faults={table.faultsAt(`${ladder.field}.${key}`)}
        >
          <InputNumber
            id={`${ladder.id}-${key}`}
            min={0}
            max={LONGEST}
            precision={0}
            value={days[key]}
            onChange={(value) => table.change({ at: [...ladder.at, key], value: value || undefined })}
          />
        </Field>
      ))}
    </>
  );
}
