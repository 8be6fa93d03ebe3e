import { useTranslation } from "react-i18next";
import type { Path, Plan } from "../tiers/reading";
import { type About, attributesOf } from "./attributes";
import { ConditionGroup } from "./ConditionGroup";
import { begun } from "./conditions";
import { focusSoon } from "./focusSoon";
import { inline } from "./inline";
import { fieldOf, type Item } from "./item";
import { PartButton } from "./PartButton";
import { isRaw, listAt } from "./raw";

type Props = {
  item: Item;
  root: Path;
  plan: Plan;
  about: About;
  /** What follows is another part, not what the condition is for. */
  last?: boolean;
};

/** The condition of an item, read as part of its sentence; nothing where it has none. */
export function ConditionPart({ item, root, plan, about, last = false }: Props) {
  const { t } = useTranslation("sentences");
  const condition = item.value(root);
  if (condition === undefined) {
    return null;
  }
  if (!isRaw(condition) || !Array.isArray(condition.rules)) {
    return <code>{inline(condition)}</code>;
  }
  return (
    <>
      <ConditionGroup
        item={item}
        root={root}
        path={[]}
        group={condition}
        known={attributesOf(plan, about)}
        plan={plan}
      />
      {!last && condition.rules.length < 2 && t("condition.then")}
    </>
  );
}

/** Gives an item a first condition, or one beside the only one it has; where there are more, that is part of their list. */
export function AddCondition({ item, root, plan, about, label }: Omit<Props, "last"> & { label?: string }) {
  const { t } = useTranslation("sentences");
  const first = attributesOf(plan, about).find((one) => one.name === "member.tier");
  const known = item.value(root) !== undefined;
  const rules = listAt(item.raw, [...root, "rules"]);
  if (!first || rules.length > 1 || (known && rules.length === 0)) {
    return null;
  }
  const added = fieldOf([...item.at, ...root, "rules", rules.length, "field"]);
  return (
    <PartButton
      at={fieldOf([...item.at, ...root])}
      label={label ?? (known ? t("add.anotherCondition") : t("add.condition"))}
      onClick={() => {
        if (known) {
          item.put([...root, "rules", rules.length], begun(first));
        } else {
          item.put(root, { combinator: "and", rules: [begun(first)] });
        }
        focusSoon(added);
      }}
    />
  );
}
