import { currentLanguage } from "../i18n/language";
import { formatter, NONE } from "./numbers";

/** How many digits a currency has behind the point: 2 for GBP, 0 for JPY. */
export function exponent(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** Minor units with their currency: `money(1250, "GBP")` is £12.50. Exact: the amount never becomes a float. */
export function money(minor: number | null | undefined, currency: string): string {
  if (minor == null) {
    return NONE;
  }
  const style = formatter({ style: "currency", currency, currencyDisplay: "narrowSymbol" });
  return style.format(decimal(minor, currency) as unknown as number);
}

/** Minor units as a plain decimal text: 1250 GBP is "12.50". */
export function decimal(minor: number, currency: string): string {
  const digits = exponent(currency);
  const sign = minor < 0 ? "-" : "";
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** What was typed as minor units, or `null` when it is no amount of this currency. Thousands may be apart; nothing is rounded away. */
export function parseMoney(typed: string, currency: string): number | null {
  const digits = exponent(currency);
  const clean = typed.replace(/[\s,，']/g, "").replace(/[．。]/g, ".");
  const match = /^(-?)(\d{1,13})(?:\.(\d*))?$/.exec(clean);
  const fraction = match?.[3] ?? "";
  if (!match || fraction.length > digits) {
    return null;
  }
  const minor = Number(`${match[2]}${fraction.padEnd(digits, "0")}`);
  return Number.isSafeInteger(minor) ? (match[1] ? -minor : minor) : null;
}

/** The currency's sign, for the front of an input. */
export function symbol(currency: string): string {
  const parts = new Intl.NumberFormat(currentLanguage(), {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  });
  return parts.formatToParts(0).find((part) => part.type === "currency")?.value ?? currency;
}
