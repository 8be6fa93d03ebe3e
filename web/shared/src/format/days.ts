import { programmeZone } from "./dates";

/** The instant at which a day (`2026-03-01`) begins in the programme's zone, as the server takes it. */
export function startOfDay(day: string): string {
  const utc = Date.parse(`${day}T00:00:00Z`);
  // Twice: the first guess may lie on the other side of a change of the clocks.
  const guess = utc - offset(utc);
  return new Date(utc - offset(guess)).toISOString().replace(".000", "");
}

/** The day after: `2026-02-28` gives `2026-03-01`. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function offset(at: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: programmeZone(),
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - at;
}
