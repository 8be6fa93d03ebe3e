import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Table } from "../tiers/useTable";
import { focusSoon } from "./focusSoon";
import type { Tool } from "./ItemTools";
import { fieldOf, freeId, type List } from "./item";
import { nameOf } from "./nameOf";
import { isRaw, listAt, type Raw, readWhole, textAt } from "./raw";
import { added, moved, removed } from "./writing";

/** What was done last, said to everybody. It can be taken back to `before` as long as the text is still the one of `after`. */
type Done = { text: string; before?: string; after?: string } | null;

/** The items of a list of the document, and what is done with whole ones. */
export function useItems(table: Table, list: List) {
  const { t } = useTranslation("sentences");
  const whole = useMemo(() => readWhole(table.text), [table.text]);
  const items = listAt(whole, [list]);
  const [renaming, setRenaming] = useState<number | null>(null);
  const [done, setDone] = useState<Done>(null);
  const at = (index: number) => fieldOf([list, index]);
  const insert = (index: number, value: Raw) => {
    table.put(added(table.text, list, index, value));
    setRenaming(index);
    focusSoon(`${at(index)}.label.zh`);
  };
  const move = (from: number, to: number) => {
    table.put(moved(table.text, list, from, to));
    setRenaming(renaming === from ? to : renaming === to ? from : renaming);
    setDone({ text: t("done.moved", { name: nameOf(items[from]), place: to + 1, count: items.length }) });
    const edge = to === 0 || to === items.length - 1;
    focusSoon(`${to < from !== edge ? "up" : "down"} ${at(to)}`);
  };
  const remove = (index: number) => {
    const after = removed(table.text, list, index);
    table.put(after);
    setRenaming(null);
    setDone({ text: t("done.removed", { name: nameOf(items[index]) }), before: table.text, after });
    focusSoon(`undo ${list}`);
  };
  const use = (tool: Tool, index: number) => {
    const one = items[index];
    switch (tool) {
      case "rename":
        setRenaming(renaming === index ? null : index);
        return focusSoon(`${at(index)}.label.zh`);
      case "duplicate":
        return insert(index + 1, { ...(isRaw(one) ? one : {}), id: freeId(textAt(one, ["id"]) || "copy", items) });
      case "up":
        return move(index, index - 1);
      case "down":
        return move(index, index + 1);
      case "remove":
        return remove(index);
    }
  };
  return {
    /** The document that the list stands in. */
    whole,
    items,
    renaming,
    setRenaming,
    done: done?.text,
    undoable: done?.after === table.text,
    use,
    /** One more at the end. */
    add: (value: Raw) => insert(items.length, value),
    undo: () => {
      if (done?.before !== undefined) {
        table.put(done.before);
        setDone({ text: t("done.undone") });
      }
    },
  };
}

export type Items = ReturnType<typeof useItems>;
