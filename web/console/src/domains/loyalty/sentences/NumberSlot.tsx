import { symbol } from "@regulars/shared/format/money";
import { useState } from "react";
import type { Path } from "../tiers/reading";
import { type Scale, shown, understood } from "./amounts";
import { faultsId, fieldOf, type Item } from "./item";

type Props = {
  item: Item;
  path: Path;
  label: string;
  scale?: Scale;
  currency?: string;
  /** What stands there when nothing is written. */
  fallback?: number;
  /** May be left empty, and then nothing stands in the document. */
  optional?: boolean;
};

/** A number inside a sentence, shown and typed as people write it. What cannot be read is kept as typed, and the check says so. */
export function NumberSlot({ item, path, label, scale = "count", currency = "", fallback, optional = false }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const value = typed ?? shown(item.value(path) ?? fallback, scale, currency);
  const wrong = item.wrong(path);
  return (
    <span className={`slot ${wrong ? "slot-wrong" : ""}`}>
      {scale === "money" && <span aria-hidden="true">{symbol(currency)}</span>}
      <input
        className="num"
        inputMode="decimal"
        autoComplete="off"
        size={Math.max(2, value.length)}
        maxLength={20}
        value={value}
        data-at={fieldOf([...item.at, ...path])}
        aria-label={label}
        aria-invalid={wrong}
        aria-describedby={wrong ? faultsId(item) : undefined}
        onChange={(event) => {
          setTyped(event.target.value);
          item.put(path, understood(event.target.value, scale, currency) ?? (optional ? undefined : null));
        }}
        // Shown again as it was understood.
        onBlur={() => setTyped(null)}
      />
    </span>
  );
}
