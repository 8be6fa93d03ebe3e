import { InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { Field } from "./Field";
import type { Ladder, WindowKind } from "./reading";
import type { Table } from "./useTable";

const KINDS: readonly WindowKind[] = ["lifetime", "rolling", "calendar", "anniversary"];
const PERIODS = ["month", "quarter", "year"] as const;
const BEGINNINGS: Record<WindowKind, object> = {
  lifetime: { kind: "lifetime" },
  rolling: { kind: "rolling", months: 12 },
  calendar: { kind: "calendar", period: "year" },
  anniversary: { kind: "anniversary" },
};

/** In which time spend and visits count. What another ladder counts has its own expiry, which is said. */
export function WindowFields({ table, ladder }: { table: Table; ladder: Ladder }) {
  const { t } = useTranslation("tiers");
  if (ladder.counts !== "spend" && ladder.counts !== "visits") {
    return ladder.counts === "unit" ? <p className="quiet tiers-wide">{t("window.ofUnit")}</p> : null;
  }
  const at = [...ladder.at, "window"];
  const id = `${ladder.id}-window`;
  const kind = ladder.window?.kind ?? "lifetime";
  const put = (key: string, value: unknown) => table.change({ at: [...at, key], value });
  const length = (key: "months" | "days") => (
    <Field id={`${id}-${key}`} label={t(`window.${key}`)} faults={table.faultsAt(`${ladder.field}.window.${key}`)}>
      <InputNumber
        id={`${id}-${key}`}
        min={0}
        max={key === "months" ? 120 : 3650}
        precision={0}
        value={ladder.window?.[key] ?? null}
        onChange={(value) => put(key, value || undefined)}
      />
    </Field>
  );
  return (
    <>
      <Field
        id={id}
        label={t("window.kind")}
        faults={table.check.faults.filter((fault) => fault.field === `${ladder.field}.window`)}
      >
        <Select<WindowKind>
          id={id}
          value={kind}
          options={KINDS.map((value) => ({ value, label: t(`window.${value}`) }))}
          onChange={(value) => table.change({ at, value: BEGINNINGS[value] })}
        />
      </Field>
      {kind === "rolling" && length("months")}
      {kind === "rolling" && length("days")}
      {kind === "calendar" && (
        <Field id={`${id}-period`} label={t("window.period")}>
          <Select
            id={`${id}-period`}
            value={ladder.window?.period ?? "year"}
            options={PERIODS.map((value) => ({ value, label: t(`period.${value}`) }))}
            onChange={(value) => put("period", value)}
          />
        </Field>
      )}
    </>
  );
}
