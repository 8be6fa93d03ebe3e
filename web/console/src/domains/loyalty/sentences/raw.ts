import { parseDocument } from "yaml";
import type { Path } from "../tiers/reading";

/** A part of the document as it stands there. */
export type Raw = Record<string, unknown>;

export const isRaw = (value: unknown): value is Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands at a path inside a part; undefined where the path leads nowhere. */
export function valueAt(part: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === "object" && value !== null ? (value as Raw)[step] : undefined),
    part,
  );
}

/** The list at a path; empty where there is none. */
export function listAt(part: unknown, path: Path): unknown[] {
  const found = valueAt(part, path);
  return Array.isArray(found) ? found : [];
}

/** The text at a path; empty where there is none. */
export function textAt(part: unknown, path: Path): string {
  const found = valueAt(part, path);
  return typeof found === "string" ? found : "";
}

/** The whole document as it stands; empty where it cannot be read. */
export function readWhole(text: string): Raw {
  const parsed = parseDocument(text);
  const whole: unknown = parsed.errors.length === 0 ? parsed.toJS() : null;
  return isRaw(whole) ? whole : {};
}
