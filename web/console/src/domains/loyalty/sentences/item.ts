import type { Path } from "../tiers/reading";
import type { Table } from "../tiers/useTable";
import type { Change } from "../tiers/writing";
import type { Placed } from "../useCheck";
import { isRaw, type Raw, textAt, valueAt } from "./raw";
import { edited } from "./writing";

export type List = "earning" | "benefits" | "coupons";

/** One item of a list of the document, and how it is changed. Paths are inside of it. */
export type Item = {
  list: List;
  index: number;
  at: Path;
  raw: Raw;
  table: Table;
  /** What the check says of it. */
  faults: readonly Placed[];
  value: (path: Path) => unknown;
  text: (path: Path) => string;
  put: (path: Path, value: unknown) => void;
  /** Several changes at once; here paths are those of the whole document. */
  change: (changes: readonly Change[]) => void;
  /** Whether something at the path, or inside of what stands there, is wrong. */
  wrong: (path: Path) => boolean;
};

export function itemOf(table: Table, list: List, index: number, given: unknown): Item {
  const raw = isRaw(given) ? given : {};
  const at = [list, index];
  const change = (changes: readonly Change[]) => table.put(edited(table.text, at, changes));
  return {
    list,
    index,
    at,
    raw,
    table,
    faults: table.faultsAt(fieldOf(at)),
    value: (path) => valueAt(raw, path),
    text: (path) => textAt(raw, path),
    put: (path, value) => change([{ at: [...at, ...path], value }]),
    change,
    wrong: (path) => table.faultsAt(fieldOf([...at, ...path])).length > 0,
  };
}

/** A path as the check names it: `earning[2].cap.amount`. */
export function fieldOf(path: Path): string {
  return path.reduce<string>(
    (field, step) => (typeof step === "number" ? `${field}[${step}]` : field === "" ? step : `${field}.${step}`),
    "",
  );
}

/** Where the faults of an item stand, for whoever is told of a wrong value. */
export const faultsId = (item: Item) => `${item.list}-${item.index}-faults`;

/** The id, or where an item of the list has it, the first one like it that is free. */
export function freeId(wanted: string, items: readonly unknown[]): string {
  const taken = new Set(items.map((one) => textAt(one, ["id"])));
  const stem = wanted.replace(/-\d+$/, "").slice(0, 36);
  const others = Array.from({ length: items.length + 1 }, (_, place) => `${stem}-${place + 2}`);
  return [wanted, ...others].find((id) => !taken.has(id)) ?? wanted;
}
