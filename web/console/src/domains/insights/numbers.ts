import { formatter, NONE, share } from "@regulars/shared/format/numbers";

/** Days within which a next purchase is looked for. */
export const WITHIN = [30, 60, 90, 180, 365] as const;
/** With fewer members a share says little: it is hatched or paled. */
export const SMALL = 30;

/** Basis points as a percentage with one decimal. */
export function percent(basisPoints: number | null | undefined): string {
  return basisPoints == null ? NONE : share(basisPoints / 10_000);
}

/** A difference of two shares in percentage points, with its sign; without the word. */
export function points(basisPoints: number): string {
  return formatter({ signDisplay: "exceptZero", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    basisPoints / 100,
  );
}

/** By how much a value differs from an earlier one, relative to it; null when that cannot be said. */
export function change(now: number | null, before: number | null): number | null {
  return now === null || before === null || before === 0 ? null : (now - before) / Math.abs(before);
}

/** A relative change with its sign: +12.3 %. */
export function signedShare(value: number): string {
  return formatter({
    style: "percent",
    signDisplay: "exceptZero",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(value);
}

/** `2026-03` of a month's first day. */
export function month(firstDay: string): string {
  return firstDay.slice(0, 7);
}

/** The day so many days before `day`, both `2026-03-01`. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}
