import { type RefObject, useEffect } from "react";
import { isTyping } from "../keys";

/** `j` and `k` move through the rows of a table by focusing each row's first link, which Enter then opens. */
export function useRowKeys(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        (event.key !== "j" && event.key !== "k") ||
        isTyping(event) ||
        event.metaKey ||
        event.ctrlKey ||
        event.altKey
      ) {
        return;
      }
      const links = [...(box.current?.querySelectorAll<HTMLElement>("tbody tr") ?? [])].flatMap(
        (row) => row.querySelector<HTMLElement>("a") ?? [],
      );
      const at = links.indexOf(document.activeElement as HTMLElement);
      const to = links[event.key === "j" ? at + 1 : Math.max(0, at - 1)];
      if (to) {
        event.preventDefault();
        to.focus();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [box]);
}
