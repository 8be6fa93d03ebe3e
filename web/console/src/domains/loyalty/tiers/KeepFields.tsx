import { InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { Field } from "./Field";
import type { Ladder } from "./reading";
import type { Table } from "./useTable";

const ROUNDS = ["day", "month", "quarter", "year"] as const;
const PLAIN = "";

/** How long a level is kept before it is looked at again: so many months, or to a day of the year. */
export function KeepFields({ table, ladder }: { table: Table; ladder: Ladder }) {
  const { t } = useTranslation("tiers");
  const { keep, field } = ladder;
  const at = [...ladder.at, "keep"];
  const id = `${ladder.id}-keep`;
  const put = (key: string | readonly string[], value: unknown) =>
    table.change({ at: [...at, ...(typeof key === "string" ? [key] : key)], value });
  const faults = table.check.faults.filter((fault) => fault.field === `${field}.keep`);
  return (
    <>
      <Field id={id} label={t("keep.kind")} faults={faults}>
        <Select
          id={id}
          value={keep.until ? "until" : "months"}
          options={[
            { value: "months", label: t("keep.forMonths") },
            { value: "until", label: t("keep.toDay") },
          ]}
          onChange={(kind) =>
            table.change({
              at,
              value: kind === "until" ? { months: 0, until: { month: 12, day: 31 } } : { months: 12 },
            })
          }
        />
      </Field>
      <Field
        id={`${id}-months`}
        label={keep.until ? t("keep.least") : t("keep.months")}
        faults={table.faultsAt(`${field}.keep.months`)}
      >
        <InputNumber
          id={`${id}-months`}
          min={0}
          max={120}
          precision={0}
          value={keep.months}
          onChange={(value) => put("months", value ?? 0)}
        />
      </Field>
      {keep.until ? (
        <>
          <Field id={`${id}-month`} label={t("keep.month")} faults={table.faultsAt(`${field}.keep.until.month`)}>
            <InputNumber
              id={`${id}-month`}
              min={1}
              max={12}
              precision={0}
              value={keep.until.month}
              onChange={(value) => put(["until", "month"], value ?? undefined)}
            />
          </Field>
          <Field id={`${id}-day`} label={t("keep.day")} faults={table.faultsAt(`${field}.keep.until.day`)}>
            <InputNumber
              id={`${id}-day`}
              min={1}
              max={31}
              precision={0}
              value={keep.until.day}
              onChange={(value) => put(["until", "day"], value ?? undefined)}
            />
          </Field>
        </>
      ) : (
        <Field id={`${id}-round`} label={t("keep.round")} faults={table.faultsAt(`${field}.keep.round_to`)}>
          <Select
            id={`${id}-round`}
            value={keep.roundTo}
            options={[
              { value: PLAIN, label: t("keep.unrounded") },
              ...ROUNDS.map((value) => ({ value, label: t(`keep.endOf.${value}`) })),
            ]}
            onChange={(value) => put("round_to", value === PLAIN ? undefined : value)}
          />
        </Field>
      )}
    </>
  );
}
