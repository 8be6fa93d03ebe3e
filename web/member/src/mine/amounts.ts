import { money } from "@regulars/shared/format/money";
import { count, signed } from "@regulars/shared/format/numbers";

/** So many of a unit: money with its currency where the unit is money, else a count. */
export function amountOf(units: number, currency: string | null): string {
  return currency === null ? count(units) : money(units, currency);
}

/** The same as a change, with its sign. */
export function changeOf(units: number, currency: string | null): string {
  return currency === null ? signed(units) : `${units > 0 ? "+" : ""}${money(units, currency)}`;
}

/** Money as it stands large: without cents where there are none. */
export function shortMoney(minor: number, currency: string): string {
  return money(minor, currency).replace(/\.0+$/, "");
}
