import { useTranslation } from "react-i18next";
import type { Path, Plan } from "../tiers/reading";
import { type Attribute, groupOf } from "./attributes";
import { ConditionValue } from "./ConditionValue";
import { converted, cut, operatorsOf, readable } from "./conditions";
import { focusSoon } from "./focusSoon";
import { inline } from "./inline";
import { fieldOf, type Item } from "./item";
import { type Option, PickSlot } from "./PickSlot";
import { isRaw, listAt } from "./raw";
import { TakeAway } from "./TakeAway";

type Props = { item: Item; root: Path; path: Path; rule: unknown; known: readonly Attribute[]; plan: Plan };

/** One comparison: what, how, and with which value. One that the sentence cannot say stays as it is written. */
export function ConditionRule({ item, root, path, rule, known, plan }: Props) {
  const { t } = useTranslation("sentences");
  const at = [...root, ...path];
  const named = useNamed();
  const whole = item.value(root);
  const away = () => {
    const gone = isRaw(whole) ? cut(whole, path) : [];
    item.put([...root, ...gone], undefined);
    const left = listAt(whole, ["rules"]).length - (gone.length === 2 ? 1 : 0);
    focusSoon(`+${fieldOf([...item.at, ...root, ...(gone.length > 0 && left > 1 ? ["rules"] : [])])}`);
  };
  const attribute = isRaw(rule) ? known.find((one) => one.name === rule.field) : undefined;
  if (!readable(rule, known) || !attribute) {
    return (
      <>
        <code>{inline(rule)}</code>
        <TakeAway label={t("remove.condition")} onClick={away} />
      </>
    );
  }
  const operator = String(rule.operator);
  const choose = (to: { attribute: Attribute; operator: string }, kept: boolean) =>
    item.change(converted([...item.at, ...at], rule, to, kept));
  const attributes: Option[] = known.map((one) => ({
    value: one.name,
    label: named(one),
    group: t(`group.${groupOf(one.name)}`),
  }));
  const dated = attribute.kind === "date";
  const operators: Option[] = operatorsOf(attribute.kind).map((one) => ({
    value: one,
    label: dated ? t([`operatorDate.${one}`, `operator.${one}`]) : t(`operator.${one}`),
  }));
  return (
    <span className="sentences-clause">
      <PickSlot
        item={item}
        path={[...at, "field"]}
        label={t("condition.attribute")}
        options={attributes}
        onPick={(name) => {
          const next = known.find((one) => one.name === name);
          if (next) {
            choose({ attribute: next, operator: operatorsOf(next.kind).includes(operator) ? operator : "=" }, false);
          }
        }}
      />{" "}
      <PickSlot
        item={item}
        path={[...at, "operator"]}
        label={t("condition.operator")}
        options={operators}
        onPick={(next) => choose({ attribute, operator: String(next) }, true)}
      />{" "}
      <ConditionValue item={item} at={at} attribute={attribute} operator={operator} currency={plan.currency} />
      <TakeAway label={t("remove.condition")} onClick={away} />
    </span>
  );
}

/** What people call an attribute. */
function useNamed(): (attribute: Attribute) => string {
  const { t } = useTranslation("sentences");
  return ({ name, ladder }) => (ladder === undefined ? t(`attribute.${name}`) : t("condition.tierOf", { ladder }));
}
