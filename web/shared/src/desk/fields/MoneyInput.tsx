import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { decimal, parseMoney, symbol } from "../../format/money";

type Props = {
  id?: string;
  /** Minor units; `null` for nothing typed. */
  value?: number | null;
  onChange?: (minor: number | null) => void;
  currency: string;
  /** Said to screen readers when no label element names the field. */
  label?: string;
  disabled?: boolean;
};

/** An amount of money, typed as people write it, held as minor units. Fits into antd's `Form.Item`. */
export function MoneyInput({ id, value = null, onChange, currency, label, disabled = false }: Props) {
  const { t } = useTranslation("ui");
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (value === null ? "" : decimal(value, currency));
  const wrong = shown.trim() !== "" && parseMoney(shown, currency) === null;
  const example = decimal(123_450, currency);
  return (
    <>
      <Input
        {...(id ? { id } : {})}
        className="money-input"
        prefix={symbol(currency)}
        inputMode="decimal"
        value={shown}
        disabled={disabled}
        status={wrong ? "error" : ""}
        aria-label={label}
        aria-invalid={wrong}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange?.(parseMoney(event.target.value, currency));
        }}
        // Shown again as it was understood: what was typed as "1,5" becomes visibly 15.00 or wrong, never silently something else.
        onBlur={() => !wrong && setTyped(null)}
      />
      {wrong && (
        <span role="alert" className="field-fault">
          {t("amount.expected", { currency, example })}
        </span>
      )}
    </>
  );
}
