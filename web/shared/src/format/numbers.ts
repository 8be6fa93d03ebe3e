import { currentLanguage } from "../i18n/language";

/** Stands for "not known" or "does not apply". It is not 0. */
export const NONE = "—";

/** A count with its thousands apart. */
export function count(value: number | null | undefined): string {
  return value == null ? NONE : formatter({ maximumFractionDigits: 0 }).format(value);
}

/** A share between 0 and 1 as a percentage with one decimal. */
export function share(value: number | null | undefined): string {
  return value == null
    ? NONE
    : formatter({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);
}

/** Points with their sign, for a column of changes. */
export function signed(value: number): string {
  return formatter({ signDisplay: "exceptZero", maximumFractionDigits: 0 }).format(value);
}

const IN: ReadonlySet<string> = new Set(["grant", "receive", "restore", "unhold", "return"]);
const OUT: ReadonlySet<string> = new Set(["spend", "hold", "send", "settle", "expire", "reverse", "deduct"]);

/** By how much a journal entry moved what the member has: entries hold amounts, their kind says which way. 0 where only a state changed. */
export function changeOf(entry: { kind: string; amount: number }): number {
  return IN.has(entry.kind) ? entry.amount : OUT.has(entry.kind) ? -entry.amount : 0;
}

/** A journal entry as a change with its sign; one that changed only a state without any. */
export function moved(entry: { kind: string; amount: number }): string {
  const change = changeOf(entry);
  return change === 0 ? count(entry.amount) : signed(change);
}

/** A large number in few characters: 12.3K, 1.2万. */
export function compact(value: number | null | undefined): string {
  return value == null ? NONE : formatter({ notation: "compact", maximumFractionDigits: 1 }).format(value);
}

const made = new Map<string, Intl.NumberFormat>();

/** A formatter of the chosen language; kept, since making one costs more than using it a thousand times. */
export function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = currentLanguage() + JSON.stringify(options);
  const known = made.get(key);
  if (known) {
    return known;
  }
  const fresh = new Intl.NumberFormat(currentLanguage(), options);
  made.set(key, fresh);
  return fresh;
}
