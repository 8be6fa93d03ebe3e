import type { Path } from "../tiers/reading";
import type { Change } from "../tiers/writing";
import { isRaw, type Raw } from "./raw";

export const KINDS = [
  "free_delivery",
  "exclusive_price",
  "priority_service",
  "birthday_gift",
  "event_access",
  "custom",
] as const;
export const PERIODS = ["day", "week", "month", "quarter", "year", "lifetime", "membership_year"] as const;
const KNOWN = ["id", "label", "kind", "tiers", "when", "quota", "unit_cost", "incentive", "claw_back", "charge_unit"];
const OF_A_KIND = ["discount_bp", "max_freight"];
const DISCOUNT_BP = 1_000;

/** Whether the sentence has words for everything a benefit says. */
export function sayable(benefit: unknown): benefit is Raw {
  return isRaw(benefit) && Object.keys(benefit).every((key) => [...KNOWN, ...OF_A_KIND].includes(key));
}

/** A benefit of another kind: with what only this kind has, and without what only others have. */
export function ofKind(at: Path, benefit: Raw, kind: unknown): Change[] {
  const wanted = { discount_bp: kind === "exclusive_price", max_freight: kind === "free_delivery" };
  const gone = Object.entries(wanted).filter(([key, has]) => !has && key in benefit);
  const missing = wanted.discount_bp && !("discount_bp" in benefit);
  return [
    { at: [...at, "kind"], value: kind },
    ...gone.map(([key]) => ({ at: [...at, key], value: undefined })),
    ...(missing ? [{ at: [...at, "discount_bp"], value: DISCOUNT_BP }] : []),
  ];
}
