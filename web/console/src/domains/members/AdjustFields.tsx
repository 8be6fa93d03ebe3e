import { said } from "@regulars/shared/session/plan";
import { Input, InputNumber, Radio, Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Wallet } from "./people";

export type Way = "give" | "take";
export type Typed = { unit: string; way: Way; amount: number | null; reason: string };
export type Faults = { amount?: string; reason?: string };

type Props = {
  wallets: readonly Wallet[];
  typed: Typed;
  faults: Faults;
  onChange: (change: Partial<Typed>) => void;
};

/** What is given or taken, how much of it, and why. */
export function AdjustFields({ wallets, typed, faults, onChange }: Props) {
  const { t } = useTranslation("members");
  const id = useId();
  return (
    <div className="members-form">
      <fieldset>
        <legend className="members-legend">{t("adjust.way")}</legend>
        <Radio.Group
          value={typed.way}
          onChange={(event) => onChange({ way: event.target.value as Way })}
          options={(["give", "take"] as const).map((way) => ({ value: way, label: t(`adjust.${way}`) }))}
        />
      </fieldset>
      {wallets.length > 1 && (
        <>
          <label htmlFor={`${id}-unit`}>{t("ledger.unit")}</label>
          <Select
            id={`${id}-unit`}
            value={typed.unit}
            options={wallets.map((wallet) => ({ value: wallet.unit, label: said(wallet.label) }))}
            onChange={(unit) => onChange({ unit })}
          />
        </>
      )}
      <label htmlFor={`${id}-amount`}>{t("adjust.amount")}</label>
      <InputNumber
        id={`${id}-amount`}
        autoFocus
        min={1}
        precision={0}
        controls={false}
        inputMode="numeric"
        value={typed.amount}
        aria-invalid={faults.amount !== undefined}
        onChange={(amount) => onChange({ amount })}
      />
      <Fault text={faults.amount} />
      <label htmlFor={`${id}-reason`}>{t("adjust.reason")}</label>
      <Input.TextArea
        id={`${id}-reason`}
        value={typed.reason}
        maxLength={300}
        autoSize={{ minRows: 2, maxRows: 5 }}
        placeholder={t("adjust.reasonExample")}
        aria-invalid={faults.reason !== undefined}
        onChange={(event) => onChange({ reason: event.target.value })}
      />
      <Fault text={faults.reason} />
      <p className="quiet">{t("adjust.read")}</p>
    </div>
  );
}

function Fault({ text }: { text: string | undefined }) {
  return text === undefined ? null : (
    <span role="alert" className="field-fault">
      {text}
    </span>
  );
}
