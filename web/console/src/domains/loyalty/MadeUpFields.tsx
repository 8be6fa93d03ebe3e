import { MoneyInput } from "@regulars/shared/desk/fields/MoneyInput";
import { type Plan, said } from "@regulars/shared/session/plan";
import { Checkbox, InputNumber, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MadeUp } from "./trial";

type Props = { value: MadeUp; plan: Plan; onChange: (value: MadeUp) => void };

const MOST = 1_000_000_000_000;

/** Somebody who does not exist: where they stand before the order. */
export function MadeUpFields({ value, plan, onChange }: Props) {
  const { t } = useTranslation("programme");
  const set = (part: Partial<MadeUp>) => onChange({ ...value, ...part });
  return (
    <div className="loyalty-made-up">
      <Field id="made-up-level" label={t("madeUp.level")}>
        <Select
          id="made-up-level"
          value={value.level}
          onChange={(level) => set({ level })}
          options={[
            { value: "", label: t("madeUp.levelByBalance") },
            ...plan.levels.map((level) => ({ value: level.id, label: said(level.label) })),
          ]}
        />
      </Field>
      <Field id="made-up-orders" label={t("madeUp.orders")}>
        <Count id="made-up-orders" value={value.orders} onChange={(orders) => set({ orders })} />
      </Field>
      <Field id="made-up-spend" label={t("madeUp.spend", { currency: plan.currency })}>
        <MoneyInput
          id="made-up-spend"
          currency={plan.currency}
          value={value.spend}
          onChange={(spend) => set({ spend })}
        />
      </Field>
      <Field id="made-up-joined" label={t("madeUp.joined")}>
        <Count
          id="made-up-joined"
          value={value.joinedDaysAgo}
          most={36_500}
          onChange={(joinedDaysAgo) => set({ joinedDaysAgo })}
        />
      </Field>
      {Object.entries(plan.units).map(([unit, label]) => (
        <Field key={unit} id={`made-up-${unit}`} label={t("madeUp.balance", { unit: said(label) })}>
          <Count
            id={`made-up-${unit}`}
            value={value.balances[unit] ?? 0}
            onChange={(amount) => set({ balances: { ...value.balances, [unit]: amount } })}
          />
        </Field>
      ))}
      <Checkbox checked={value.heldOut} onChange={(event) => set({ heldOut: event.target.checked })}>
        {t("madeUp.heldOut")}
      </Checkbox>
    </div>
  );
}

function Field({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return (
    <div className="loyalty-field">
      <label htmlFor={id}>{label}</label>
      {children}
    </div>
  );
}

type CountProps = { id: string; value: number; most?: number; onChange: (value: number) => void };

function Count({ id, value, most = MOST, onChange }: CountProps) {
  return (
    <InputNumber
      id={id}
      min={0}
      max={most}
      precision={0}
      value={value}
      style={{ width: "100%" }}
      onChange={(next) => onChange(next ?? 0)}
    />
  );
}
