import type { Path } from "../tiers/reading";
import { faultsId, fieldOf, type Item } from "./item";

/** One thing to choose; `group` is the heading it stands under. */
export type Option = { value: unknown; label: string; group?: string };

type Props = {
  item: Item;
  path: Path;
  label: string;
  options: readonly Option[];
  fallback?: unknown;
  /** What is chosen, where it is not simply what stands at the path. */
  chosen?: unknown;
  /** What choosing does, where it is more than writing the value. */
  onPick?: (value: unknown) => void;
};

/** A choice inside a sentence. What the document says stays to be seen, also where it is none of the choices. */
export function PickSlot({ item, path, label, options, fallback, chosen, onPick }: Props) {
  const value = chosen ?? item.value(path) ?? fallback;
  const known = options.some((option) => same(option.value, value));
  const all = known ? options : [...options, { value, label: value === undefined ? "" : String(value) }];
  const groups = [...new Set(all.map((option) => option.group ?? ""))];
  const wrong = item.wrong(path);
  const choices = (group: string) =>
    all
      .filter((option) => (option.group ?? "") === group)
      .map((option) => (
        <option key={keyOf(option.value)} value={keyOf(option.value)}>
          {option.label}
        </option>
      ));
  return (
    <span className={`slot ${wrong ? "slot-wrong" : ""}`}>
      <select
        value={keyOf(value)}
        data-at={fieldOf([...item.at, ...path])}
        aria-label={label}
        aria-invalid={wrong}
        aria-describedby={wrong ? faultsId(item) : undefined}
        onChange={(event) => {
          const next = all.find((option) => keyOf(option.value) === event.target.value)?.value;
          onPick ? onPick(next) : item.put(path, next);
        }}
      >
        {groups.map((group) =>
          group === "" ? (
            choices(group)
          ) : (
            <optgroup key={group} label={group}>
              {choices(group)}
            </optgroup>
          ),
        )}
      </select>
    </span>
  );
}

const keyOf = (value: unknown) => JSON.stringify(value) ?? "";
const same = (one: unknown, other: unknown) => keyOf(one) === keyOf(other);
