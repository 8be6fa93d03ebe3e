import { Input } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

type Props = {
  value: string;
  example: string;
  /** What to say instead of sending, once somebody tried without a reason. */
  fault: string | null;
  onChange: (reason: string) => void;
  autoFocus?: boolean;
};

/** Why something is withdrawn, in words. */
export function ReasonField({ value, example, fault, onChange, autoFocus = false }: Props) {
  const { t } = useTranslation("goods");
  const id = useId();
  return (
    <div className="goods-field">
      <label htmlFor={id}>{t("withdraw.reason")}</label>
      <Input
        id={id}
        autoFocus={autoFocus}
        value={value}
        maxLength={300}
        aria-invalid={fault !== null}
        placeholder={example}
        onChange={(event) => onChange(event.target.value)}
      />
      {fault !== null && (
        <span role="alert" className="field-fault">
          {fault}
        </span>
      )}
    </div>
  );
}
