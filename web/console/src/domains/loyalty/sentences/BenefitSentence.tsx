import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import type { Plan } from "../tiers/reading";
import { KINDS, ofKind, PERIODS } from "./benefits";
import { AddClause, Clause } from "./Clause";
import { AddCondition, ConditionPart } from "./ConditionPart";
import type { Item } from "./item";
import { NumberSlot } from "./NumberSlot";
import { PickSlot } from "./PickSlot";
import { listAt } from "./raw";
import { Sentence } from "./Sentence";
import { TicksSlot } from "./TicksSlot";

/** A benefit as one sentence: for whom, what, how often, at which cost, and what a refund does. */
export function BenefitSentence({ item, plan }: { item: Item; plan: Plan }) {
  const { t } = useTranslation("sentences");
  return (
    <div className="sentence">
      <Sentence text={t("benefit.for")} slots={{ tiers: <Tiers item={item} plan={plan} /> }} />{" "}
      <ConditionPart item={item} root={["when"]} plan={plan} about="member" />
      <What item={item} currency={plan.currency} />
      {item.value(["quota"]) === undefined && <>{t("rule.and") + t("benefit.unlimited")}</>}
      <Clause item={item} path={["quota"]} away={t("benefit.away.quota")}>
        <Sentence text={t("benefit.quota")} slots={quotaSlots(item, t)} />
      </Clause>
      <Cost item={item} plan={plan} />
      <Clause item={item} path={["incentive"]} away={t("remove.incentive")}>
        {t("rule.incentive")}
      </Clause>
      {t("rule.end")}
    </div>
  );
}

function quotaSlots(item: Item, t: (key: string) => string) {
  const options = PERIODS.map((value) => ({ value, label: t(`per.${value}`) }));
  return {
    times: <NumberSlot item={item} path={["quota", "times"]} label={t("benefit.times")} />,
    per: <PickSlot item={item} path={["quota", "per"]} label={t("benefit.per")} options={options} />,
  };
}

function Tiers({ item, plan }: { item: Item; plan: Plan }) {
  const { t } = useTranslation("sentences");
  const levels = plan.ladders[0]?.levels ?? [];
  const everybody = listAt(item.raw, ["tiers"]).length === 0;
  return (
    <>
      <TicksSlot
        item={item}
        path={["tiers"]}
        label={t("benefit.tiers")}
        options={levels.map((level) => ({ value: level.id, label: said(level.label) || level.id }))}
      />
      {everybody && <span className="quiet"> {t("benefit.everybody")}</span>}
    </>
  );
}

function What({ item, currency }: { item: Item; currency: string }) {
  const { t } = useTranslation("sentences");
  const kind = item.text(["kind"]);
  const discount = <NumberSlot item={item} path={["discount_bp"]} label={t("benefit.discountBp")} scale="percent" />;
  const most = (
    <NumberSlot item={item} path={["max_freight"]} label={t("benefit.maxFreight")} scale="money" currency={currency} />
  );
  return (
    <>
      <PickSlot
        item={item}
        path={["kind"]}
        label={t("benefit.kind")}
        options={KINDS.map((value) => ({ value, label: t(`benefit.kinds.${value}`) }))}
        onPick={(next) => item.change(ofKind(item.at, item.raw, next))}
      />
      {kind === "exclusive_price" && (
        <>
          {" "}
          <Sentence text={t("benefit.discount")} slots={{ discount }} />
        </>
      )}
      <Clause item={item} path={["max_freight"]} away={t("benefit.away.freight")}>
        <Sentence text={t("benefit.upTo")} slots={{ most }} />
      </Clause>
    </>
  );
}

function Cost({ item, plan }: { item: Item; plan: Plan }) {
  const { t } = useTranslation("sentences");
  const cost = (
    <NumberSlot item={item} path={["unit_cost"]} label={t("benefit.unitCost")} scale="money" currency={plan.currency} />
  );
  const charged = item.text(["claw_back"]) === "charge";
  const claw = (
    <PickSlot
      item={item}
      path={["claw_back"]}
      label={t("benefit.clawBack")}
      fallback="keep"
      options={["keep", "charge"].map((value) => ({ value, label: t(`benefit.claw.${value}`) }))}
      onPick={(next) =>
        item.change([
          { at: [...item.at, "claw_back"], value: next === "keep" ? undefined : next },
          { at: [...item.at, "charge_unit"], value: undefined },
        ])
      }
    />
  );
  const units = Object.entries(plan.units).map(([value, label]) => ({ value, label: said(label) || value }));
  return (
    <>
      {item.value(["unit_cost"]) === undefined && <>{t("rule.and") + t("benefit.costSaid")}</>}
      <Clause item={item} path={["unit_cost"]} away={t("benefit.away.cost")}>
        <Sentence text={t("benefit.cost")} slots={{ cost }} />
      </Clause>
      {t("rule.and")}
      <Sentence text={t("benefit.refund")} slots={{ claw }} />
      {charged && (
        <>
          {" "}
          <PickSlot
            item={item}
            path={["charge_unit"]}
            label={t("benefit.chargeUnit")}
            options={[{ value: undefined, label: t("benefit.anyUnit") }, ...units]}
          />
        </>
      )}
    </>
  );
}

/** What a benefit can still be given. */
export function AddToBenefit({ item, plan }: { item: Item; plan: Plan }) {
  const { t } = useTranslation("sentences");
  return (
    <>
      <AddCondition item={item} root={["when"]} plan={plan} about="member" />
      <AddClause
        item={item}
        path={["quota"]}
        label={t("benefit.add.quota")}
        value={{ times: 1, per: "month" }}
        focus={["quota", "times"]}
      />
      <AddClause item={item} path={["unit_cost"]} label={t("benefit.add.cost")} value={0} />
      {item.text(["kind"]) === "free_delivery" && (
        <AddClause item={item} path={["max_freight"]} label={t("benefit.add.freight")} value={1_000} />
      )}
      <AddClause item={item} path={["incentive"]} label={t("add.incentive")} value={true} />
    </>
  );
}
