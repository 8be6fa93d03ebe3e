import type { Path } from "../tiers/reading";
import { faultsId, type Item } from "./item";
import type { Option } from "./PickSlot";
import { listAt } from "./raw";

type Props = {
  item: Item;
  path: Path;
  label: string;
  options: readonly Option[];
  fallback?: readonly unknown[];
};

/** Several of a few things, inside a sentence. They are written in the order they are offered in. */
export function TicksSlot({ item, path, label, options, fallback = [] }: Props) {
  const given = item.value(path) === undefined ? fallback : listAt(item.raw, path);
  const lost = given.filter((value) => !options.some((option) => option.value === value));
  const all = [...options, ...lost.map((value) => ({ value, label: String(value) }))];
  const wrong = item.wrong(path);
  return (
    <fieldset
      className={`slot-ticks ${wrong ? "slot-wrong" : ""}`}
      aria-label={label}
      aria-describedby={wrong ? faultsId(item) : undefined}
    >
      {all.map(({ value, label: name }) => (
        <label key={String(value)} className="slot slot-tick">
          <input
            type="checkbox"
            checked={given.includes(value)}
            onChange={(event) =>
              item.put(
                path,
                all.flatMap((one) => {
                  const kept = one.value === value ? event.target.checked : given.includes(one.value);
                  return kept ? [one.value] : [];
                }),
              )
            }
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
