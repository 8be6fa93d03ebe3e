import { useTranslation } from "react-i18next";
import type { Plan } from "../tiers/reading";
import type { Table } from "../tiers/useTable";
import { AsText } from "./AsText";
import { AddCondition } from "./ConditionPart";
import { ItemCard } from "./ItemCard";
import { ItemList } from "./ItemList";
import { freeId, itemOf } from "./item";
import { PartButton } from "./PartButton";
import { AddLimits } from "./RuleLimits";
import { RuleSentence } from "./RuleSentence";
import { textAt, valueAt } from "./raw";
import { begunRule, effectOf, mayBeMisnamed, ORDER } from "./rules";
import { useItems } from "./useItems";

type Props = { table: Table; plan: Plan; before: readonly unknown[] };

const KINDS = ["per_amount", "fixed", "multiply", "act"] as const;

/** The earning rules, each as a sentence; `before` are those of the version that the changes began with. */
export function RuleList({ table, plan, before }: Props) {
  const { t } = useTranslation("sentences");
  const items = useItems(table, "earning");
  const rules = items.items;
  return (
    <ItemList
      list="earning"
      title={t("earning.title")}
      none={t("earning.none")}
      items={items}
      adder={KINDS.map((kind) => (
        <PartButton
          key={kind}
          at={kind}
          label={t(`earning.add.${kind}`)}
          onClick={() => items.add(begunRule(kind, freeId("rule-1", rules), plan))}
        />
      ))}
    >
      {(given, index) => {
        const item = itemOf(table, "earning", index, given);
        const effect = effectOf(given);
        const first = before.find((one) => textAt(one, ["id"]) === item.text(["id"]));
        const inMoney = valueAt(items.whole, ["units", item.text(["unit"]), "money"]) === true;
        const about = (item.text(["on"]) || ORDER) === ORDER ? "order" : "act";
        return (
          <ItemCard
            key={index}
            item={item}
            items={items}
            fresh={first === undefined}
            more={
              effect && (
                <>
                  <AddCondition item={item} root={["when"]} plan={plan} about={about} />
                  <AddLimits item={item} />
                </>
              )
            }
          >
            {effect ? (
              <RuleSentence item={item} effect={effect} rules={rules} plan={plan} inMoney={inMoney} />
            ) : (
              <AsText item={item} unchanged={JSON.stringify(first) === JSON.stringify(given)} />
            )}
            {mayBeMisnamed(given, first) && <p className="quiet">{t("names.stale")}</p>}
          </ItemCard>
        );
      }}
    </ItemList>
  );
}
