import { isTyping } from "@regulars/shared/desk/keys";
import { useMay } from "@regulars/shared/session/session";
import { useEffect, useMemo, useRef } from "react";
import { useNavigate } from "react-router";
import { navigable } from "../screens";

const SECOND_KEY_WITHIN_MS = 1200;

/** The keys that work on every screen: Ctrl/⌘K, `/`, `?`, and `g` followed by a screen's letter. */
export function useShortcuts({ openPalette, openHelp }: { openPalette: () => void; openHelp: () => void }): void {
  const navigate = useNavigate();
  const may = useMay();
  const targets = useMemo(() => new Map(navigable(may).map((screen) => [screen.nav.goTo, screen.path])), [may]);
  // Outlives the listener, which is made anew whenever the screens one may see are known anew.
  const wentAt = useRef(0);
  useEffect(() => {
    const goTo = (key: string): boolean => {
      const path = performance.now() - wentAt.current < SECOND_KEY_WITHIN_MS ? targets.get(key) : undefined;
      wentAt.current = key === "g" ? performance.now() : 0;
      if (path !== undefined) {
        void navigate(`/${path}`);
      }
      return path !== undefined;
    };
    const single = (key: string): boolean => {
      if (key === "?") {
        openHelp();
        return true;
      }
      return key === "/" ? focusSearch() : goTo(key);
    };
    const onKey = (event: KeyboardEvent) => {
      const withCommand = event.metaKey || event.ctrlKey;
      if (withCommand && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openPalette();
      } else if (!withCommand && !event.altKey && !isTyping(event) && single(event.key)) {
        event.preventDefault();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [targets, navigate, openPalette, openHelp]);
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>("main [data-search], main input[type=search], main search input");
  field?.focus();
  return field !== null;
}
