import { type RefObject, useEffect } from "react";

const SCROLLED = ".ant-table-content, .ant-table-body";

/** A table wider than its place can be scrolled by keys: its scrolling part takes the focus and has a name. antd leaves that out. */
export function useScrollByKeys(box: RefObject<HTMLElement | null>, label: string): void {
  // After every render: antd makes the part anew whenever rows come or go.
  useEffect(() => {
    for (const part of box.current?.querySelectorAll<HTMLElement>(SCROLLED) ?? []) {
      part.tabIndex = 0;
      part.setAttribute("role", "region");
      part.setAttribute("aria-label", label);
    }
  });
}
