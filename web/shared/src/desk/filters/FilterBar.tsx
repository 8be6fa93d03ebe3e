import { DownOutlined, UpOutlined } from "@ant-design/icons";
import { Button, DatePicker, Input, Select } from "antd";
import dayjs from "dayjs";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Values } from "../../url/search";
import type { Filter } from "./filters";

const ALWAYS = 3;

type Props = { filters: readonly Filter[]; values: Values; onChange: (next: Values) => void };

/** The filters above a list. Choices and dates hold at once, text with Enter; the first three are always seen, `/` goes to the first. */
export function FilterBar({ filters, values, onChange }: Props) {
  const { t } = useTranslation("ui");
  const [draft, setDraft] = useState<Values | null>(null);
  const hiddenInUse = filters
    .slice(ALWAYS)
    .some((filter) => (filter.kind === "days" ? values[filter.from] || values[filter.to] : values[filter.name]));
  const [open, setOpen] = useState(hiddenInUse);
  const now = draft ?? values;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    onChange(now);
    setDraft(null);
  };
  const instantly = (change: Values) => {
    onChange({ ...now, ...change });
    setDraft(null);
  };
  return (
    <search>
      <form className="filter-bar" onSubmit={submit}>
        {(open ? filters : filters.slice(0, ALWAYS)).map((filter) => (
          <Field
            key={filter.label}
            filter={filter}
            now={now}
            onType={(change) => setDraft({ ...now, ...change })}
            onChoose={instantly}
          />
        ))}
        <div className="filter-actions">
          <Button type="primary" htmlType="submit">
            {t("action.search")}
          </Button>
          <Button
            onClick={() => {
              setDraft(null);
              onChange({});
            }}
          >
            {t("action.reset")}
          </Button>
          {filters.length > ALWAYS && (
            <Button
              type="link"
              icon={open ? <UpOutlined /> : <DownOutlined />}
              iconPlacement="end"
              aria-expanded={Boolean(open)}
              onClick={() => setOpen(!open)}
            >
              {open ? t("action.less") : t("action.more")}
            </Button>
          )}
        </div>
      </form>
    </search>
  );
}

type FieldProps = { filter: Filter; now: Values; onType: (change: Values) => void; onChoose: (change: Values) => void };

function Field({ filter, now, onType, onChoose }: FieldProps) {
  const { t } = useTranslation("ui");
  const id = useId();
  switch (filter.kind) {
    case "text":
      return (
        <label className="filter" htmlFor={id}>
          <span>{filter.label}</span>
          <Input
            id={id}
            allowClear
            data-search
            value={now[filter.name] ?? ""}
            placeholder={filter.placeholder ?? ""}
            onChange={(event) => onType({ [filter.name]: event.target.value })}
          />
        </label>
      );
    case "choice":
      return (
        <label className="filter" htmlFor={id}>
          <span>{filter.label}</span>
          <Select
            id={id}
            allowClear
            value={now[filter.name] ?? null}
            placeholder={t("filter.any")}
            options={[...filter.options]}
            onChange={(value) => onChoose({ [filter.name]: value ?? "" })}
          />
        </label>
      );
    case "days":
      return (
        <label className="filter wide" htmlFor={id}>
          <span>{filter.label}</span>
          <DatePicker.RangePicker
            id={{ start: id, end: `${id}-end` }}
            aria-label={filter.label}
            allowEmpty={[true, true]}
            placeholder={[t("filter.from"), t("filter.to")]}
            value={[dayOf(now[filter.from]), dayOf(now[filter.to])]}
            onChange={(range) =>
              onChoose({
                [filter.from]: range?.[0]?.format("YYYY-MM-DD") ?? "",
                [filter.to]: range?.[1]?.format("YYYY-MM-DD") ?? "",
              })
            }
          />
        </label>
      );
  }
}

function dayOf(text: string | undefined) {
  return text ? dayjs(text) : null;
}
