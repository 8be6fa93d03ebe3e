import type { Answer } from "@regulars/shared/api/client";
import { formatter, share } from "@regulars/shared/format/numbers";

/** What benefits did: as a file it would be text. */
export type Effects = Exclude<Answer<"/v1/reports/benefits", "get">, string>;
export type EffectRow = Effects["items"][number];
export type Share = EffectRow["effect"]["having"];

/** Days within which a next purchase is looked for; the server's own choice is the second. */
export const WITHIN = ["30", "60", "90", "180"] as const;
export const PERIODS = ["day", "week", "month", "quarter", "year", "lifetime", "membership_year"] as const;

/** Basis points as a percentage with one decimal. */
export function percent(basisPoints: number | null): string {
  return share(basisPoints === null ? null : basisPoints / 10_000);
}

/** A difference of two shares in percentage points, with its sign; without the word. */
export function points(basisPoints: number): string {
  return formatter({ signDisplay: "exceptZero", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    basisPoints / 100,
  );
}

/** What can be said of a difference: which way it goes, that its interval holds zero, or nothing at all yet. */
export function direction(effect: EffectRow["effect"]): "more" | "less" | "unclear" | "unknown" {
  if (effect.difference_bp === null || effect.low_bp === null || effect.high_bp === null) {
    return "unknown";
  }
  if (effect.low_bp > 0) {
    return "more";
  }
  return effect.high_bp < 0 ? "less" : "unclear";
}
