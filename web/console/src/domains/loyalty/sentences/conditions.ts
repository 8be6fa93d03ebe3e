import type { Path } from "../tiers/reading";
import type { Change } from "../tiers/writing";
import type { Attribute, Kind } from "./attributes";
import { isRaw, listAt, type Raw } from "./raw";

const ORDERED = ["=", "!=", "<", "<=", ">", ">=", "in", "notIn", "between", "notBetween", "notNull", "null"];
const OPERATORS: Readonly<Record<Kind, readonly string[]>> = {
  boolean: ["="],
  integer: ORDERED,
  money: ORDERED,
  date: ORDERED,
  text: ["=", "!=", "in", "notIn", "contains", "beginsWith", "endsWith", "notNull", "null"],
  choice: ["=", "!=", "in", "notIn", "notNull", "null"],
};

/** The operators that are offered for an attribute of this kind. */
export const operatorsOf = (kind: Kind) => OPERATORS[kind];

/** What an operator compares with: one value, a list of them, a lower and an upper one, or nothing. */
export type Shape = "one" | "many" | "pair" | "none";

export function shapeOf(operator: string): Shape {
  switch (operator) {
    case "in":
    case "notIn":
      return "many";
    case "between":
    case "notBetween":
      return "pair";
    case "null":
    case "notNull":
      return "none";
    default:
      return "one";
  }
}

/** Whether a comparison is one that the sentence can show: of a known attribute, by an operator that goes with it. */
export function readable(rule: unknown, known: readonly Attribute[]): rule is Raw {
  const attribute = isRaw(rule) ? known.find((one) => one.name === rule.field) : undefined;
  const keys = isRaw(rule) && Object.keys(rule).every((key) => ["field", "operator", "value"].includes(key));
  return attribute !== undefined && keys && operatorsOf(attribute.kind).some((operator) => operator === rule.operator);
}

/** A comparison to begin with. */
export function begun(attribute: Attribute): Raw {
  return { field: attribute.name, operator: "=", value: first(attribute) };
}

function first({ kind, choices }: Attribute): string | number | boolean {
  if (choices?.[0]) {
    return choices[0].value;
  }
  return kind === "boolean" ? true : kind === "text" || kind === "date" || kind === "choice" ? "" : 1;
}

/** What a comparison is changed by when another attribute or operator is chosen: values that still fit are kept. */
export function converted(
  at: Path,
  rule: Raw,
  to: { attribute: Attribute; operator: string },
  kept: boolean,
): Change[] {
  const { attribute, operator } = to;
  const shape = shapeOf(operator);
  const before = kept && rule.value !== undefined ? [rule.value].flat() : [first(attribute)];
  const values = before.length > 0 ? before : [first(attribute)];
  const value = {
    one: values[0],
    many: values,
    pair: [values[0], values[1] ?? values[0]],
    none: undefined,
  }[shape];
  const same = kept && JSON.stringify(value) === JSON.stringify(rule.value);
  return [
    ...(rule.field === attribute.name ? [] : [{ at: [...at, "field"], value: attribute.name }]),
    ...(rule.operator === operator ? [] : [{ at: [...at, "operator"], value: operator }]),
    ...(same ? [] : [{ at: [...at, "value"], value }]),
  ];
}

/**
 * What has to go so that the rule at `path` of the condition is gone: the rule, or the groups around it that nothing would be left in; an
 * empty path is the whole condition.
 */
export function cut(condition: Raw, path: Path): Path {
  const above = path.slice(0, -2);
  const alone = listAt(condition, [...above, "rules"]).length === 1;
  return alone ? (above.length === 0 ? [] : cut(condition, above)) : path;
}
