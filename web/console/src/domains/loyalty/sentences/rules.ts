import type { Plan } from "../tiers/reading";
import { isRaw, type Raw, textAt, valueAt } from "./raw";

export const ACTS = [
  "check_in",
  "review",
  "share",
  "registration",
  "birthday",
  "profile",
  "delivered",
  "referral",
  "survey",
  "post",
] as const;
export const ORDER = "order";
export const BASES = ["discount", "tax", "points", "freight"] as const;
/** What is left out where a rule says nothing of it. */
export const LEFT_OUT = ["discount", "points", "freight"] as const;
export const PERIODS = ["order", "day", "week", "month", "quarter", "year", "lifetime"] as const;
const EFFECTS = ["per_amount", "fixed", "multiply"] as const;
const KNOWN = ["id", "label", "on", "unit", "when", "cap", "budget", "incentive", ...EFFECTS];

export type Effect = (typeof EFFECTS)[number];

/** What a rule gives by; null where the sentence has no words for it. */
export function effectOf(rule: unknown): Effect | null {
  if (!isRaw(rule) || Object.keys(rule).some((key) => !KNOWN.includes(key))) {
    return null;
  }
  const given = EFFECTS.filter((effect) => effect in rule);
  const one = given.length === 1 ? given[0] : undefined;
  return one !== undefined && (one === "fixed" || isRaw(rule[one])) ? one : null;
}

/** Which rules share the lane of this one, so that of all of them only the highest counts. */
export function besides(rules: readonly unknown[], index: number): unknown[] {
  const lane = (rule: unknown) => (effectOf(rule) === "multiply" ? textAt(rule, ["multiply", "lane"]) || "main" : null);
  const own = lane(rules[index]);
  return own === null ? [] : rules.filter((rule, place) => place !== index && lane(rule) === own);
}

/** Whether a rule gives something else than it did, under a name that has a number in it and stayed as it was. */
export function mayBeMisnamed(rule: unknown, before: unknown): boolean {
  const gives = (one: unknown) => JSON.stringify([...EFFECTS, "cap"].map((key) => valueAt(one, [key])));
  const names = (one: unknown) => JSON.stringify(valueAt(one, ["label"]) ?? null);
  return (
    before !== undefined && /\d/.test(names(rule)) && names(rule) === names(before) && gives(rule) !== gives(before)
  );
}

/** A rule to begin with; its names are for whoever adds it to say. */
export function begunRule(kind: Effect | "act", id: string, plan: Plan): Raw {
  const unit = Object.keys(plan.units)[0] ?? "points";
  const effects = {
    per_amount: { per_amount: { every: 100, give: 1 } },
    fixed: { fixed: 10 },
    multiply: { multiply: { factor_bp: 20_000, lane: "main" } },
    act: { fixed: 10, cap: { per: "day", amount: 10 } },
  };
  return { id, label: { en: "", zh: "" }, ...(kind === "act" ? { on: "check_in" } : {}), unit, ...effects[kind] };
}
