import { useTranslation } from "react-i18next";
import type { Plan } from "../tiers/reading";
import type { Table } from "../tiers/useTable";
import { AsText } from "./AsText";
import { AddToBenefit, BenefitSentence } from "./BenefitSentence";
import { sayable } from "./benefits";
import { ItemCard } from "./ItemCard";
import { ItemList } from "./ItemList";
import { freeId, itemOf } from "./item";
import { PartButton } from "./PartButton";
import { textAt } from "./raw";
import { useItems } from "./useItems";

type Props = { table: Table; plan: Plan; before: readonly unknown[] };

/** The benefits, each as a sentence; `before` are those of the version that the changes began with. */
export function BenefitList({ table, plan, before }: Props) {
  const { t } = useTranslation("sentences");
  const items = useItems(table, "benefits");
  const begun = { id: freeId("benefit-1", items.items), label: { en: "", zh: "" }, kind: "custom" };
  return (
    <ItemList
      list="benefits"
      title={t("benefit.title")}
      none={t("benefit.none")}
      items={items}
      adder={<PartButton at="benefits" label={t("benefit.add.one")} onClick={() => items.add(begun)} />}
    >
      {(given, index) => {
        const item = itemOf(table, "benefits", index, given);
        const first = before.find((one) => textAt(one, ["id"]) === item.text(["id"]));
        const said = sayable(given);
        return (
          <ItemCard
            key={index}
            item={item}
            items={items}
            fresh={first === undefined}
            more={said && <AddToBenefit item={item} plan={plan} />}
          >
            {said ? (
              <BenefitSentence item={item} plan={plan} />
            ) : (
              <AsText item={item} unchanged={JSON.stringify(first) === JSON.stringify(given)} />
            )}
          </ItemCard>
        );
      }}
    </ItemList>
  );
}
