import type { Path } from "../tiers/reading";
import { faultsId, fieldOf, type Item } from "./item";

type Props = { item: Item; path: Path; label: string; fallback?: string; most?: number; lang?: string };

/** A text inside a sentence. */
export function TextSlot({ item, path, label, fallback = "", most = 100, lang }: Props) {
  const written = item.value(path);
  const value = written === undefined || written === null ? fallback : String(written);
  const wrong = item.wrong(path);
  return (
    <span className={`slot ${wrong ? "slot-wrong" : ""}`}>
      <input
        lang={lang}
        autoComplete="off"
        size={Math.max(6, value.length)}
        maxLength={most}
        value={value}
        data-at={fieldOf([...item.at, ...path])}
        aria-label={label}
        aria-invalid={wrong}
        aria-describedby={wrong ? faultsId(item) : undefined}
        onChange={(event) => item.put(path, event.target.value)}
      />
    </span>
  );
}
