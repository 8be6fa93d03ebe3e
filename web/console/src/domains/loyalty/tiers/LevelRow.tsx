import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { MoneyInput } from "@regulars/shared/desk/fields/MoneyInput";
import { said } from "@regulars/shared/session/plan";
import { Button, Checkbox, Input, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import { Faults, Field } from "./Field";
import type { Ladder, Level } from "./reading";
import type { Table } from "./useTable";

const MOST = 20;

type Props = {
  table: Table;
  ladder: Ladder;
  level: Level;
  index: number;
  /** The version that the changes began with does not have it: its id may still be chosen. */
  fresh: boolean;
  currency: string;
};

/** One level: its names, where it begins, and whether it can be lost or only given. */
export function LevelRow({ table, ladder, level, index, fresh, currency }: Props) {
  const { t } = useTranslation("tiers");
  const at = [...ladder.at, "levels", index];
  const field = `${ladder.field}.levels[${index}]`;
  const id = `${ladder.id}-${index}`;
  const name = said(level.label) || t("level.unnamed");
  const put = (key: string | readonly string[], value: unknown) =>
    table.change({ at: [...at, ...(typeof key === "string" ? [key] : key)], value });
  const begins = {
    id: `${id}-from`,
    value: level.from,
    onChange: (value: number | null) => put("from", value ?? undefined),
  };
  return (
    <fieldset className="tiers-level">
      <legend>{name}</legend>
      {fresh && (
        <Field id={`${id}-id`} label={t("level.id")} faults={table.faultsAt(`${field}.id`)}>
          <Input id={`${id}-id`} value={level.id} maxLength={40} onChange={(event) => put("id", event.target.value)} />
        </Field>
      )}
      <Field id={`${id}-zh`} label={t("level.zh")} faults={table.faultsAt(`${field}.label.zh`)}>
        <Input
          id={`${id}-zh`}
          lang="zh-CN"
          value={level.label.zh}
          maxLength={80}
          onChange={(event) => put(["label", "zh"], event.target.value)}
        />
      </Field>
      <Field id={`${id}-en`} label={t("level.en")} faults={table.faultsAt(`${field}.label.en`)}>
        <Input
          id={`${id}-en`}
          lang="en"
          value={level.label.en}
          maxLength={80}
          onChange={(event) => put(["label", "en"], event.target.value)}
        />
      </Field>
      {ladder.counts !== "invitation" && (
        <Field
          id={`${id}-from`}
          label={ladder.counts === "tenure" ? t("level.fromMonths") : t("level.from")}
          faults={table.faultsAt(`${field}.from`)}
        >
          {ladder.counts === "spend" ? (
            <MoneyInput {...begins} currency={currency} disabled={index === 0} />
          ) : (
            <InputNumber {...begins} min={0} max={1e12} precision={0} disabled={index === 0} />
          )}
        </Field>
      )}
      <div className="tiers-ticks">
        <Checkbox checked={level.floor} onChange={(event) => put("floor", event.target.checked || undefined)}>
          {t("level.floor")}
        </Checkbox>
        {index > 0 && ladder.counts !== "invitation" && (
          <Checkbox checked={level.invited} onChange={(event) => put("invited", event.target.checked || undefined)}>
            {t("level.invited")}
          </Checkbox>
        )}
        <span className="tiers-tools">
          <Button
            size="small"
            icon={<PlusOutlined />}
            disabled={ladder.levels.length >= MOST}
            aria-label={t("level.addAbove", { level: name })}
            title={t("level.addAbove", { level: name })}
            onClick={() => table.insert([...ladder.at, "levels"], index + 1, empty(ladder, index))}
          />
          <Button
            size="small"
            icon={<DeleteOutlined />}
            disabled={index === 0}
            aria-label={t("level.remove", { level: name })}
            title={t("level.remove", { level: name })}
            onClick={() => table.change({ at, value: undefined })}
          />
        </span>
      </div>
      <Faults of={table.check.faults.filter((fault) => fault.field === field || fault.field === `${field}.label`)} />
    </fieldset>
  );
}

/** A level between one and the next: halfway, nameless until somebody names it. */
function empty(ladder: Ladder, index: number) {
  const low = ladder.levels[index]?.from ?? 0;
  const high = ladder.levels[index + 1]?.from ?? low * 2 + 2;
  const ids = new Set(ladder.levels.map((level) => level.id));
  const free = Array.from({ length: MOST + 1 }, (_, place) => `level-${place + 1}`).find((name) => !ids.has(name));
  return { id: free, from: Math.floor((low + high) / 2), label: { en: "", zh: "" } };
}
