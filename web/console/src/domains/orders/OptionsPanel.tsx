import { Panel } from "@regulars/shared/desk/Page";
import { Button, Checkbox, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { TextOption } from "./TextOption";
import type { Choices, Preview, Wish } from "./wish";

type Props = { preview: Preview; wish: Wish; choices: Choices; onChange: (change: Wish) => void };

/** How the file is to be read: zone, currency, dates, numbers; the rarer ones on demand. */
export function OptionsPanel({ preview, wish, choices, onChange }: Props) {
  const { t } = useTranslation("orders");
  const [all, setAll] = useState(false);
  const { profile } = preview;
  const dates = [
    { value: "auto", label: t("option.dateAuto") },
    ...choices.date_formats.map((one) => ({ value: one.form, label: one.example })),
    ...(known(choices, profile.date_format) ? [] : [{ value: profile.date_format, label: profile.date_format }]),
  ];
  return (
    <Panel title={t("option.title")}>
      <div className="orders-options">
        <Choice
          label={t("field.zone")}
          value={profile.zone}
          options={plain(choices.zones)}
          onChange={(zone) => onChange({ zone })}
        />
        <Choice
          label={t("field.currency")}
          value={profile.currency}
          options={plain(choices.currencies)}
          onChange={(currency) => onChange({ currency })}
        />
        <Choice
          label={t("option.dates")}
          value={profile.date_format}
          options={dates}
          onChange={(date_format) => onChange({ date_format })}
        />
        <Choice
          label={t("option.numbers")}
          value={profile.numbers}
          options={plain(choices.numbers)}
          onChange={(numbers) => onChange({ numbers })}
        />
        <Checkbox checked={profile.drop_repeats} onChange={(event) => onChange({ drop_repeats: event.target.checked })}>
          {t("option.dropRepeats")}
        </Checkbox>
        {all && <Rare preview={preview} wish={wish} onChange={onChange} />}
        <Button type="link" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("option.less") : t("option.more")}
        </Button>
      </div>
    </Panel>
  );
}

function Rare({ preview, wish, onChange }: Omit<Props, "choices">) {
  const { t } = useTranslation("orders");
  const { profile, file } = preview;
  const isText = file.format.startsWith("csv");
  return (
    <>
      <TextOption
        label={t("field.source")}
        hint={t("option.sourceHint")}
        value={profile.source}
        onChange={(source) => onChange({ source })}
      />
      <TextOption
        label={t("option.refundPrefix")}
        value={profile.refund_prefix}
        onChange={(refund_prefix) => onChange({ refund_prefix })}
      />
      <TextOption
        label={t("option.adjustmentPrefix")}
        hint={t("option.adjustmentHint")}
        value={profile.adjustment_prefix}
        onChange={(adjustment_prefix) => onChange({ adjustment_prefix })}
      />
      <TextOption
        label={t("option.region")}
        value={profile.region}
        onChange={(region) => onChange({ region: region.toUpperCase() })}
      />
      {isText && (
        <>
          <TextOption
            label={t("option.encoding")}
            hint={t("option.found")}
            value={wish.encoding ?? ""}
            onChange={(encoding) => onChange({ encoding: encoding || null })}
          />
          <TextOption
            label={t("option.delimiter")}
            hint={t("option.found")}
            value={wish.delimiter ?? ""}
            longest={1}
            onChange={(delimiter) => onChange({ delimiter: delimiter || null })}
          />
        </>
      )}
      {file.format === "xlsx" && (
        <TextOption
          label={t("option.sheet")}
          hint={t("option.found")}
          value={wish.sheet ?? ""}
          onChange={(sheet) => onChange({ sheet: sheet || null })}
        />
      )}
    </>
  );
}

type Option = { value: string; label: string };

function Choice(props: { label: string; value: string; options: Option[]; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <label className="filter" htmlFor={id}>
      <span>{props.label}</span>
      <Select id={id} showSearch value={props.value} options={props.options} onChange={props.onChange} />
    </label>
  );
}

function plain(values: readonly string[]): Option[] {
  return values.map((value) => ({ value, label: value }));
}

function known(choices: Choices, form: string): boolean {
  return form === "auto" || choices.date_formats.some((one) => one.form === form);
}
