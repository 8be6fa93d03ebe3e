import { Input, InputNumber } from "antd";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";

type FieldProps = { label: string; fault?: string | undefined; hint?: ReactNode; children: (id: string) => ReactNode };

/** A field with its name above and what is wrong with it below. */
export function Field({ label, fault, hint, children }: FieldProps) {
  const id = useId();
  return (
    <div className="members-field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {hint && <span className="quiet">{hint}</span>}
      {fault && (
        <span role="alert" className="field-fault">
          {fault}
        </span>
      )}
    </div>
  );
}

type ReasonProps = { value: string; fault: string | undefined; onChange: (reason: string) => void };

/** Why, in words that the member may read. */
export function Reason({ value, fault, onChange }: ReasonProps) {
  const { t } = useTranslation("members");
  return (
    <Field label={t("act.reason")} fault={fault} hint={t("adjust.read")}>
      {(id) => (
        <Input.TextArea
          id={id}
          value={value}
          maxLength={300}
          autoSize={{ minRows: 2, maxRows: 5 }}
          placeholder={t("act.reasonExample")}
          aria-invalid={fault !== undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

type CountProps = { label: string; value: number | null; most: number; onChange: (value: number | null) => void };

/** A whole number from one on. */
export function HowOften({ label, value, most, onChange }: CountProps) {
  return (
    <Field label={label}>
      {(id) => (
        <InputNumber
          id={id}
          min={1}
          max={most}
          precision={0}
          controls={false}
          inputMode="numeric"
          value={value}
          onChange={onChange}
        />
      )}
    </Field>
  );
}
