import { type Document, isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import type { Path } from "../tiers/reading";
import { type Change, written } from "../tiers/writing";
import { inline } from "./inline";

const STYLE = { lineWidth: 0, flowCollectionPadding: false } as const;

/**
 * The YAML text with changes made inside one item of a list (`["earning", 2]`). Everything outside of the item stays as it is to the
 * letter; of the item itself, a value in the place of a value changes nothing else, and comments and order stay in any case.
 */
export function edited(text: string, item: Path, changes: readonly Change[]): string {
  return changes.reduce((now, change) => replaced(now, change) ?? within(now, item, change), text);
}

/** A plain value in the place of another: only its own characters change. Null where something else stands there. */
function replaced(text: string, { at, value }: Change): string | null {
  const node = parseDocument(text).getIn(at, true);
  const plain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  if (!plain || !isScalar(node) || !node.range || node.anchor || node.tag || node.type?.startsWith("BLOCK")) {
    return null;
  }
  const [from, to] = node.range;
  // Nothing at all (`every:`) is a value too; it stands right behind the colon.
  const gap = from === to ? " " : "";
  return text.slice(0, from) + gap + inline(value) + text.slice(to);
}

/** Everything else is written by the library, which may lay out other parts anew: so only the item is taken from what it wrote. */
function within(text: string, item: Path, { at, value }: Change): string {
  const whole = written(text, [{ at, value: value === undefined ? undefined : asNode(value) }]);
  const before = spanOf(parseDocument(text), item);
  const after = spanOf(parseDocument(whole), item);
  if (!before || !after) {
    return whole;
  }
  const part = shifted(whole.slice(...after), columnOf(text, before[0]) - columnOf(whole, after[0]));
  const next = text.slice(0, before[0]) + part + text.slice(before[1]);
  return same(next, whole) ? next : whole;
}

const asNode = (value: unknown) => parseDocument(inline(value)).contents as Node;
const columnOf = (text: string, at: number) => at - (text.lastIndexOf("\n", at - 1) + 1);

/** Where an item begins, and where the last of what it says ends. */
function spanOf(document: Document, at: Path): [number, number] | null {
  const node = document.getIn(at, true);
  return isMap(node) && node.range ? [node.range[0], node.range[1]] : null;
}

/** The lines after the first, so much further to the right. */
function shifted(part: string, by: number): string {
  const move = (line: string) => (by > 0 ? " ".repeat(by) + line : line.replace(new RegExp(`^ {0,${-by}}`), ""));
  return by === 0 ? part : part.replace(/\n(?!\n|$)([^\n]*)/g, (_all, line: string) => `\n${move(line)}`);
}

const same = (one: string, other: string) =>
  JSON.stringify(parseDocument(one).toJS()) === JSON.stringify(parseDocument(other).toJS());

/** The YAML text without an item of a list; the comment directly above it goes with it. */
export function removed(text: string, list: string, index: number): string {
  const blocks = blocksOf(text, list);
  // The last one leaves [] behind, which is another form.
  return blocks && blocks.items.length > 1
    ? joined(blocks, blocks.items.toSpliced(index, 1))
    : rewritten(text, list, (items) => items.toSpliced(index, 1));
}

/** The YAML text with an item of a list at another place of it; the comment directly above it goes with it. */
export function moved(text: string, list: string, from: number, to: number): string {
  const move = <Item>(items: readonly Item[]) =>
    items.toSpliced(from, 1).toSpliced(to, 0, ...items.slice(from, from + 1));
  const blocks = blocksOf(text, list);
  return blocks ? joined(blocks, move(blocks.items)) : rewritten(text, list, move);
}

/** The YAML text with one more item in a list, as the one at `index`. */
export function added(text: string, list: string, index: number, value: Record<string, unknown>): string {
  const blocks = blocksOf(text, list);
  return blocks
    ? joined(blocks, blocks.items.toSpliced(index, 0, linesOf(value, blocks.indent)))
    : rewritten(text, list, (items) => items.toSpliced(index, 0, asNode(value)));
}

/** A list of another form (missing, or on one line) is laid out by the library. */
function rewritten(text: string, list: string, change: (items: readonly unknown[]) => unknown[]): string {
  const document = parseDocument(text);
  const seq = document.get(list, true);
  const items = change(isSeq(seq) ? seq.items : []);
  const fresh = document.createNode(items);
  fresh.flow = items.length === 0;
  document.set(list, fresh);
  return document.toString(STYLE);
}

/** One item as lines of a list: a line for each key, whatever is in it between braces. */
function linesOf(value: Record<string, unknown>, indent: string): string[] {
  const keys = Object.entries(value).filter(([, one]) => one !== undefined);
  return keys.map(([key, one], place) => `${indent}${place === 0 ? "- " : "  "}${key}: ${inline(one)}`);
}

type Blocks = { before: string[]; items: string[][]; after: string[]; indent: string };

const joined = (blocks: Blocks, items: readonly string[][]) =>
  [...blocks.before, ...items.flat(), ...blocks.after].join("\n");

/** The lines of each item of a list whose items stand one below the other, with the comment directly above; null for another list. */
function blocksOf(text: string, list: string): Blocks | null {
  const seq = parseDocument(text, { keepSourceTokens: true }).get(list, true);
  const token = isSeq(seq) ? seq.srcToken : undefined;
  if (!isSeq(seq) || token?.type !== "block-seq") {
    return null;
  }
  const dashes = token.items.flatMap((item) => item.start.filter((one) => one.type === "seq-item-ind"));
  if (dashes.length !== seq.items.length || dashes.length === 0) {
    return null;
  }
  const rows = text.split("\n");
  const begins = dashes.map((dash) => beginOf(rows, text.slice(0, dash.offset).split("\n").length - 1));
  const end = endOf(text, seq.items.at(-1));
  return {
    before: rows.slice(0, begins[0]),
    items: begins.map((begin, place) => rows.slice(begin, begins[place + 1] ?? end)),
    after: rows.slice(end),
    indent: " ".repeat(columnOf(text, dashes[0]?.offset ?? 0)),
  };
}

/** The first line of the comment directly above a dash, or the dash's own line. */
function beginOf(rows: readonly string[], dash: number): number {
  const indent = /^ */.exec(rows[dash] ?? "")?.[0] ?? "";
  let begin = dash;
  while (rows[begin - 1]?.startsWith(`${indent}#`)) {
    begin -= 1;
  }
  return begin;
}

/** The line after the last one on which something of the last item stands. */
function endOf(text: string, last: unknown): number {
  const range = isMap(last) || isSeq(last) || isScalar(last) ? last.range : null;
  return text
    .slice(0, range?.[1] ?? text.length)
    .trimEnd()
    .split("\n").length;
}
