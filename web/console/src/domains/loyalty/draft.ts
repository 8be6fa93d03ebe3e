import { useSyncExternalStore } from "react";

/** A document that is not kept yet, and the version it began as. */
export type Draft = { text: string; base: number };

const KEY = "regulars.programme.draft";
const listeners = new Set<() => void>();
let held: Draft | null = stored();

function stored(): Draft | null {
  try {
    const raw = sessionStorage.getItem(KEY);
    return raw === null ? null : (JSON.parse(raw) as Draft);
  } catch {
    return null;
  }
}

/** The unsaved document is this one from now on; `null` drops it. It stays in this tab only, also after the page is loaded again. */
export function setDraft(draft: Draft | null): void {
  held = draft;
  try {
    if (draft === null) {
      sessionStorage.removeItem(KEY);
    } else {
      sessionStorage.setItem(KEY, JSON.stringify(draft));
    }
  } catch {
    // Private windows may refuse to store: it then holds until the page is loaded again.
  }
  for (const listener of listeners) {
    listener();
  }
}

/** The unsaved document of this tab, shared by the editor and by trying it out. */
export function useDraft(): Draft | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => held,
  );
}
