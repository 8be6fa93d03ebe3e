import { said } from "@regulars/shared/session/plan";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Plan } from "../tiers/reading";
import { ConditionPart } from "./ConditionPart";
import type { Item } from "./item";
import { NumberSlot } from "./NumberSlot";
import { nameOf } from "./nameOf";
import { type Option, PickSlot } from "./PickSlot";
import { type Amounts, RuleLimits } from "./RuleLimits";
import { ACTS, BASES, besides, type Effect, LEFT_OUT, ORDER } from "./rules";
import { Sentence } from "./Sentence";
import { TextSlot } from "./TextSlot";
import { TicksSlot } from "./TicksSlot";

type Props = {
  item: Item;
  effect: Effect;
  rules: readonly unknown[];
  plan: Plan;
  /** What it gives is money that was paid in. */
  inMoney: boolean;
};

/** A rule as one sentence: for what, on which condition, what it gives, up to which limit. */
export function RuleSentence({ item, effect, rules, plan, inMoney }: Props) {
  const { t } = useTranslation("sentences");
  const onOrder = (item.text(["on"]) || ORDER) === ORDER;
  const amounts: Amounts = inMoney ? { scale: "money", currency: plan.currency } : {};
  return (
    <div className="sentence">
      <Sentence text={t("rule.trigger")} slots={{ on: <Trigger item={item} /> }} />{" "}
      <ConditionPart item={item} root={["when"]} plan={plan} about={onOrder ? "order" : "act"} />
      <Given item={item} effect={effect} onOrder={onOrder} plan={plan} rules={rules} amounts={amounts} />
      <RuleLimits item={item} onOrder={onOrder} amounts={amounts} />
    </div>
  );
}

function Trigger({ item }: { item: Item }) {
  const { t } = useTranslation("sentences");
  const options: Option[] = [
    { value: ORDER, label: t("on.order") },
    ...ACTS.map((act) => ({ value: act, label: t(`on.${act}`), group: t("on.acts") })),
  ];
  return (
    <PickSlot
      item={item}
      path={["on"]}
      label={t("rule.on")}
      options={options}
      fallback={ORDER}
      onPick={(next) => item.put(["on"], next === ORDER ? undefined : next)}
    />
  );
}

type GivenProps = Omit<Props, "inMoney"> & { onOrder: boolean; amounts: Amounts };

function Given({ item, effect, onOrder, rules, plan, amounts }: GivenProps) {
  const { t } = useTranslation("sentences");
  const units: Option[] = Object.entries(plan.units).map(([value, label]) => ({ value, label: said(label) || value }));
  const unit = <PickSlot item={item} path={["unit"]} label={t("rule.unit")} options={units} />;
  switch (effect) {
    case "fixed": {
      const give = <NumberSlot item={item} path={["fixed"]} label={t("rule.give")} {...amounts} />;
      return <Sentence text={onOrder ? t("rule.fixed") : t("rule.fixedAct")} slots={{ give, unit }} />;
    }
    case "multiply": {
      const names = besides(rules, item.index).map((rule) => t("rule.named", { name: nameOf(rule) }));
      const lane = (
        <TextSlot item={item} path={["multiply", "lane"]} label={t("rule.lane")} fallback="main" most={40} />
      );
      const factor = (
        <NumberSlot item={item} path={["multiply", "factor_bp"]} label={t("rule.factor")} scale="factor" />
      );
      return (
        <>
          <Sentence text={t("rule.multiply")} slots={{ factor, unit, lane }} />
          {names.length > 0 && (
            <span className="quiet"> {t("rule.beside", { names: names.join(t("rule.comma")) })}</span>
          )}
        </>
      );
    }
    case "per_amount":
      return <PerAmount item={item} onOrder={onOrder} unit={unit} currency={plan.currency} amounts={amounts} />;
  }
}

type PerAmountProps = { item: Item; onOrder: boolean; unit: ReactNode; currency: string; amounts: Amounts };

function PerAmount({ item, onOrder, unit, currency, amounts }: PerAmountProps) {
  const { t } = useTranslation("sentences");
  const at = (key: string) => ["per_amount", key];
  const give = <NumberSlot item={item} path={at("give")} label={t("rule.give")} {...amounts} />;
  const every = { item, path: at("every"), label: t("rule.every") };
  if (!onOrder) {
    return <Sentence text={t("rule.perAmountAct")} slots={{ give, unit, every: <NumberSlot {...every} /> }} />;
  }
  const by = (
    <PickSlot
      item={item}
      path={at("by")}
      label={t("rule.by")}
      fallback="order"
      options={[
        { value: "order", label: t("rule.byOrder") },
        { value: "line", label: t("rule.byLine") },
      ]}
    />
  );
  const exclude = (
    <TicksSlot
      item={item}
      path={at("exclude")}
      label={t("rule.exclude")}
      fallback={LEFT_OUT}
      options={BASES.map((value) => ({ value, label: t(`base.${value}`) }))}
    />
  );
  const amount = <NumberSlot {...every} scale="money" currency={currency} />;
  return <Sentence text={t("rule.perAmount")} slots={{ give, unit, every: amount, by, exclude }} />;
}
