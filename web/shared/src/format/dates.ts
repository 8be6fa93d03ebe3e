import { currentLanguage } from "../i18n/language";
import { NONE } from "./numbers";

let zone = "UTC";

/** Every date is shown in this zone from now on: the programme's, not the reader's. */
export function setZone(name: string): void {
  zone = name;
}

/** The programme's zone, to be named beside dates that could be misread. */
export function programmeZone(): string {
  return zone;
}

/** `2026-03-01`, the programme's day of an instant. */
export function day(at: string | Date | null | undefined): string {
  return at == null ? NONE : parts(at, { year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA");
}

/** `2026-03-01 14:05`, day and time of day in the programme's zone. */
export function instant(at: string | Date | null | undefined): string {
  return at == null
    ? NONE
    : `${day(at)} ${parts(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, "en-GB")}`;
}

/** A day in words: 1 March 2026, 2026年3月1日. */
export function longDay(at: string | Date | null | undefined): string {
  return at == null ? NONE : parts(at, { dateStyle: "long" }, currentLanguage() === "en" ? "en-GB" : "zh-CN");
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** "3 minutes ago", "2 个月前"; the whole instant belongs into a title beside it. */
export function ago(at: string | Date | null | undefined, now = Date.now()): string {
  if (at == null) {
    return NONE;
  }
  const seconds = (new Date(at).getTime() - now) / 1000;
  const relative = new Intl.RelativeTimeFormat(currentLanguage(), { numeric: "auto" });
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  return step
    ? relative.format(Math.trunc(seconds / step[1]), step[0])
    : relative.format(Math.trunc(seconds), "second");
}

const made = new Map<string, Intl.DateTimeFormat>();

function parts(at: string | Date, options: Intl.DateTimeFormatOptions, locale: string): string {
  const key = `${locale}|${zone}|${JSON.stringify(options)}`;
  let format = made.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    made.set(key, format);
  }
  return format.format(new Date(at));
}
