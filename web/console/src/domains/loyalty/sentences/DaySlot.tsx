import { DayInput } from "@regulars/shared/desk/fields/DayInput";
import type { Path } from "../tiers/reading";
import { fieldOf, type Item } from "./item";

type Props = { item: Item; path: Path; label: string; optional?: boolean };

/** A day inside a sentence. */
export function DaySlot({ item, path, label, optional = false }: Props) {
  const id = fieldOf([...item.at, ...path]);
  return (
    <span className="slot-day">
      <label htmlFor={id} className="sentences-unseen">
        {label}
      </label>
      <DayInput
        id={id}
        value={item.text(path)}
        optional={optional}
        onChange={(day) => item.put(path, day === "" && optional ? undefined : day)}
      />
    </span>
  );
}
