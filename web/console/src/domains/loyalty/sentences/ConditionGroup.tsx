import { useTranslation } from "react-i18next";
import type { Path, Plan } from "../tiers/reading";
import type { Attribute } from "./attributes";
import { ConditionRule } from "./ConditionRule";
import { begun } from "./conditions";
import { focusSoon } from "./focusSoon";
import { fieldOf, type Item } from "./item";
import { PartButton } from "./PartButton";
import { type Option, PickSlot } from "./PickSlot";
import { isRaw, type Raw } from "./raw";

type Props = {
  item: Item;
  /** Where the whole condition stands in the item, and where in it the group. */
  root: Path;
  path: Path;
  group: Raw;
  known: readonly Attribute[];
  plan: Plan;
};

/** Conditions that hold all together, or any of them; or not. A single one is simply part of the sentence. */
export function ConditionGroup({ item, root, path, group, known, plan }: Props) {
  const { t } = useTranslation("sentences");
  const rules = Array.isArray(group.rules) ? group.rules : [];
  const at = [...root, ...path];
  const rule = (given: unknown, index: number) => {
    const place = [...path, "rules", index];
    const props = { item, root, path: place, known, plan };
    return isRaw(given) && Array.isArray(given.rules) ? (
      <ConditionGroup {...props} group={given} />
    ) : (
      <ConditionRule {...props} rule={given} />
    );
  };
  const add = (
    <PartButton
      at={fieldOf([...item.at, ...at, "rules"])}
      label={t("add.anotherCondition")}
      onClick={() => {
        const first = known.find((one) => one.name === "member.tier") ?? known[0];
        if (first) {
          item.put([...at, "rules", rules.length], begun(first));
          focusSoon(fieldOf([...item.at, ...at, "rules", rules.length, "field"]));
        }
      }}
    />
  );
  return (
    <>
      <How item={item} at={at} group={group} alone={rules.length < 2} />{" "}
      {rules.length < 2 ? (
        rules.map(rule)
      ) : (
        <ul className="sentences-conditions">
          {rules.map((given, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a condition has no other name than its place.
            <li key={index}>{rule(given, index)}</li>
          ))}
          <li>{add}</li>
        </ul>
      )}
    </>
  );
}

type HowProps = { item: Item; at: Path; group: Raw; alone: boolean };

function How({ item, at, group, alone }: HowProps) {
  const { t } = useTranslation("sentences");
  const options: Option[] = alone
    ? [
        { value: "if", label: t("how.if") },
        { value: "unless", label: t("how.unless") },
      ]
    : [
        { value: "and", label: t("how.and") },
        { value: "or", label: t("how.or") },
        { value: "notAnd", label: t("how.notAnd") },
        { value: "notOr", label: t("how.notOr") },
      ];
  const negated = group.not === true;
  const joined = group.combinator === "or" ? "or" : "and";
  const now = alone ? (negated ? "unless" : "if") : negated ? (joined === "or" ? "notOr" : "notAnd") : joined;
  return (
    <PickSlot
      item={item}
      path={[...at, "combinator"]}
      label={t("how.label")}
      options={options}
      chosen={now}
      onPick={(next) => {
        const not = next === "unless" || next === "notAnd" || next === "notOr" ? true : undefined;
        const whole = [...item.at, ...at];
        item.change([
          { at: [...whole, "combinator"], value: alone ? joined : next === "or" || next === "notOr" ? "or" : "and" },
          { at: [...whole, "not"], value: not },
        ]);
      }}
    />
  );
}
