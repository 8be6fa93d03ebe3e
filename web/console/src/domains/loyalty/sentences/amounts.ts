import { decimal, parseMoney } from "@regulars/shared/format/money";
import { count } from "@regulars/shared/format/numbers";

/** What a number of the document is: units, minor units of money, a factor, a share taken off, or (a discount in Chinese) what is left. */
export type Scale = "count" | "money" | "factor" | "percent" | "off" | "tenths";

const WHOLE = 10_000;
/** By how much a scale's numbers are written smaller than they stand in the document: basis points. */
const DIGITS = { factor: 4, percent: 2, off: 2, tenths: 3 } as const;

/** A number of the document as people read it; what is no number is shown as it stands. */
export function shown(value: unknown, scale: Scale, currency: string): string {
  if (typeof value !== "number") {
    return value === undefined || value === null ? "" : String(value);
  }
  switch (scale) {
    case "count":
      return count(value);
    case "money":
      return decimal(value, currency);
    case "off":
      return String((WHOLE - value) / 100);
    default:
      return String(value / 10 ** DIGITS[scale]);
  }
}

/** What was typed, as the document has it. Of what cannot be read the text is kept, so that the check names it; nothing is null. */
export function understood(typed: string, scale: Scale, currency: string): number | string | null {
  const clean = typed.replace(/[\s,，']/g, "").replace(/[．。]/g, ".");
  if (clean === "") {
    return null;
  }
  switch (scale) {
    case "count":
      return /^\d{1,15}$/.test(clean) ? Number(clean) : typed;
    case "money":
      return parseMoney(typed, currency) ?? typed;
    case "off": {
      const taken = scaled(clean, DIGITS.off);
      return taken === null ? typed : WHOLE - taken;
    }
    default:
      return scaled(clean, DIGITS[scale]) ?? typed;
  }
}

/** A decimal text times a power of ten, without any float; null where it is none, or has more digits than fit. */
function scaled(text: string, digits: number): number | null {
  const match = /^(\d{1,6})(?:\.(\d*))?$/.exec(text);
  const fraction = match?.[2] ?? "";
  return match && fraction.length <= digits ? Number(`${match[1]}${fraction.padEnd(digits, "0")}`) : null;
}
