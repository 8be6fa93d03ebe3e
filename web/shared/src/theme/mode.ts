import { useSyncExternalStore } from "react";

/** What the person chose; `system` follows the device. */
export type Choice = "light" | "dark" | "system";
export type Mode = "light" | "dark";

const KEY = "regulars.mode";
const device = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
let choice: Choice = stored();

/** The choice holds, also after the page is loaded again. */
export function chooseMode(next: Choice): void {
  choice = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Private windows may refuse to store: the choice then holds for this page only.
  }
  show();
}

/** The mode shown now, and the choice behind it. */
export function useMode(): { mode: Mode; choice: Choice } {
  const mode = useSyncExternalStore(listen, shown);
  return { mode, choice };
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  device.addEventListener("change", show);
  return () => {
    listeners.delete(listener);
  };
}

function shown(): Mode {
  return choice === "system" ? (device.matches ? "dark" : "light") : choice;
}

function show(): void {
  document.documentElement.dataset.mode = shown();
  for (const listener of listeners) {
    listener();
  }
}

function stored(): Choice {
  try {
    const known = localStorage.getItem(KEY);
    return known === "light" || known === "dark" ? known : "system";
  } catch {
    return "system";
  }
}

show();
