/**
 * The line (from 0) that a path such as `earning[2].per_amount.every` names in a YAML text, or the line of the deepest part of it that can
 * be found; -1 where nothing can. It only looks at indents, so that it also works in a text that cannot be read as YAML.
 */
export function lineOf(text: string, path: string): number {
  const told = /^line (\d+)/.exec(path);
  if (told) {
    return Number(told[1]) - 1;
  }
  const lines = text.split("\n");
  let block: Block = { from: 0, to: lines.length, at: -1 };
  for (const step of path.split(/[.[\]]+/).filter(Boolean)) {
    const next = /^\d+$/.test(step) ? nth(lines, block, Number(step)) : keyed(lines, block, step);
    if (next === null) {
      break;
    }
    block = next;
  }
  return block.at;
}

/** Lines `from` to before `to` belong to what stands at line `at`. */
type Block = { from: number; to: number; at: number };

const content = (line: string) => line.trim() !== "" && !line.trim().startsWith("#");
const indent = (line: string) => line.length - line.trimStart().length;

function nth(lines: readonly string[], block: Block, index: number): Block | null {
  const dashes = rows(lines, block).filter((at) => lines[at]?.trimStart().startsWith("- "));
  const depth = Math.min(...dashes.map((at) => indent(lines[at] ?? "")));
  const items = dashes.filter((at) => indent(lines[at] ?? "") === depth);
  const at = items[index];
  return at === undefined ? null : { at, from: at, to: items[index + 1] ?? block.to };
}

function keyed(lines: readonly string[], block: Block, key: string): Block | null {
  const named = (line: string) => {
    const bare = line.trimStart().replace(/^- +/, "");
    return bare.startsWith(`${key}:`) || bare.startsWith(`"${key}":`);
  };
  const at = rows(lines, block).find((row) => named(lines[row] ?? ""));
  if (at === undefined) {
    return null;
  }
  const line = lines[at] ?? "";
  const depth = indent(line) + (/^\s*- +/.test(line) ? 1 : 0);
  const end = rows(lines, { ...block, from: at + 1 }).find((row) => {
    const other = lines[row] ?? "";
    return indent(other) < depth || (indent(other) === depth && !other.trimStart().startsWith("- "));
  });
  return { at, from: at + 1, to: end ?? block.to };
}

function rows(lines: readonly string[], block: Block): number[] {
  return Array.from({ length: block.to - block.from }, (_, offset) => block.from + offset).filter((row) =>
    content(lines[row] ?? ""),
  );
}
