import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { List } from "./item";
import type { Items } from "./useItems";

type Props = {
  list: List;
  title: string;
  items: Items;
  none: string;
  children: (given: unknown, index: number) => ReactNode;
  adder: ReactNode;
};

/** A list of the document: each item as a sentence, one more, and what was done last. */
export function ItemList({ list, title, items, none, children, adder }: Props) {
  const { t } = useTranslation("sentences");
  return (
    <section className="sentences-list" aria-label={title}>
      <h2>{title}</h2>
      {items.items.length === 0 ? <p className="quiet">{none}</p> : <ol>{items.items.map(children)}</ol>}
      <div className="sentences-more">{adder}</div>
      <p role="status" className="quiet sentences-done">
        {items.done}
        {items.undoable && (
          <Button size="small" type="link" data-at={`undo ${list}`} onClick={items.undo}>
            {t("done.undo")}
          </Button>
        )}
      </p>
    </section>
  );
}
