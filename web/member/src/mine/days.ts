import { currentLanguage } from "@regulars/shared/i18n/language";

const PLAIN_DAYS = 180;

/** The server's local days (`2026-03-01`) in words; they are days already, so no zone may move them. */
function said(day: string, options: Intl.DateTimeFormatOptions): string {
  const locale = currentLanguage() === "en" ? "en-GB" : "zh-CN";
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

/** 1 March 2026, 2026年3月1日. */
export function dayWords(day: string): string {
  return said(day, { year: "numeric", month: "long", day: "numeric" });
}

/** 1 Mar, 3月1日; with its year where that could be another than one thinks. */
export function shortDay(day: string): string {
  const far = Math.abs(daysLeft(day)) > PLAIN_DAYS;
  return said(day, { month: "short", day: "numeric", ...(far ? { year: "numeric" } : {}) });
}

/** `2026-03` as March 2026, 2026年3月. */
export function monthWords(month: string): string {
  return said(`${month}-01`, { year: "numeric", month: "long" });
}

/** Whole days from now to the end of a local day; negative when it is over. */
export function daysLeft(day: string, now = Date.now()): number {
  return Math.ceil((Date.parse(`${day}T00:00:00Z`) - now) / 86_400_000);
}

/** The days of the week from Monday on, each in a letter or two. */
export function weekdays(): string[] {
  // The fifth of January 2026 is a Monday.
  return Array.from({ length: 7 }, (_, at) => said(`2026-01-${String(5 + at).padStart(2, "0")}`, { weekday: "short" }));
}
