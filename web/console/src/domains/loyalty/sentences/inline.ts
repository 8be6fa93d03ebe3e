// Words, with what may stand between them, that no reader of YAML takes for anything but a text: the server's reads 14:00 as a number, = as
// a mark and 2026-01-01 as a day.
const WORDS = /^[\p{L}_][\p{L}\p{N}_.%/-]*( [\p{L}\p{N}_.%/-]+)*$/u;
const TAKEN = /^(true|false|null|yes|no|on|off|y|n|nan|inf)$/i;

/** A value on one line of YAML, as people write it: in quotes only what could be taken for something else. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(inline).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).filter(([, one]) => one !== undefined);
    return `{${pairs.map(([key, one]) => `${inline(key)}: ${inline(one)}`).join(", ")}}`;
  }
  if (typeof value === "string") {
    return WORDS.test(value) && !TAKEN.test(value) ? value : JSON.stringify(value);
  }
  return String(value);
}
