import type { ReactNode } from "react";
import { ItemFaults } from "./ItemFaults";
import { ItemNames } from "./ItemNames";
import { ItemTools } from "./ItemTools";
import { fieldOf, type Item } from "./item";
import { nameOf } from "./nameOf";
import { textAt } from "./raw";
import type { Items } from "./useItems";

type Props = {
  item: Item;
  items: Items;
  /** No version has it yet. */
  fresh: boolean;
  children: ReactNode;
  /** What can still be added to the sentence. */
  more: ReactNode;
};

/** One item of a list: its name and what can be done with it, its sentence, and what is wrong with it. */
export function ItemCard({ item, items, fresh, children, more }: Props) {
  const name = nameOf(item.raw);
  const renaming = items.renaming === item.index || item.wrong(["label"]) || item.wrong(["id"]);
  return (
    <li className="sentences-item" data-at={fieldOf(item.at)} tabIndex={-1}>
      <header>
        <h3>{name}</h3>
        <code className="quiet">{textAt(item.raw, ["id"])}</code>
        <ItemTools
          item={item}
          name={name}
          last={item.index === items.items.length - 1}
          renaming={renaming}
          onTool={(tool) => items.use(tool, item.index)}
        />
      </header>
      {renaming && <ItemNames item={item} fresh={fresh} onFocus={() => items.setRenaming(item.index)} />}
      {children}
      {more && <div className="sentences-more">{more}</div>}
      {item.faults.length > 0 && <ItemFaults item={item} />}
    </li>
  );
}
