import { instant } from "@regulars/shared/format/dates";

/** The instant of a time on the programme's clocks (`2026-03-01T14:05`), as the server takes it. */
export function fromWall(wall: string): string {
  const wanted = Date.parse(`${wall}Z`);
  // Twice: the first guess may lie on the other side of a change of the clocks.
  const guess = wanted - ahead(wanted);
  return new Date(wanted - ahead(guess)).toISOString().replace(".000", "");
}

/** An instant as the programme's clocks show it: `2026-03-01T14:05`, as an input of date and time holds it. */
export function toWall(at: number): string {
  return instant(new Date(at)).replace(" ", "T");
}

function ahead(at: number): number {
  const minute = Math.floor(at / 60_000) * 60_000;
  return Date.parse(`${toWall(minute)}Z`) - minute;
}
