import { Select } from "antd";
import type { Path } from "../tiers/reading";
import type { Item } from "./item";
import { listAt } from "./raw";

type Props = {
  item: Item;
  path: Path;
  label: string;
  /** A word as it is shown, and as it is understood when somebody typed it. */
  show?: (value: unknown) => string;
  read?: (typed: string) => unknown;
};

/** Any number of words inside a sentence, each typed and ended by Enter or a comma. */
export function WordsSlot({ item, path, label, show = String, read = (typed) => typed }: Props) {
  const given = listAt(item.raw, path);
  return (
    <Select<string[]>
      className="slot-words"
      size="small"
      mode="tags"
      open={false}
      suffixIcon={null}
      aria-label={label}
      status={item.wrong(path) ? "error" : ""}
      tokenSeparators={[",", "\uff0c", ";"]}
      value={given.map((value) => show(value))}
      onChange={(words) =>
        item.put(
          path,
          words.map((word) => given.find((value) => show(value) === word) ?? read(word)),
        )
      }
    />
  );
}
