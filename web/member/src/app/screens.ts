import type { ComponentType, ReactNode } from "react";

/** One screen of the members' pages. Each slice lists its own in `domains/<slice>/screens.tsx`; the shell finds them there. */
export type Screen = {
  /** The address below /my, without a slash in front. */
  path: string;
  /** Key of its name: `members:card.title`. */
  title: string;
  /** Loads the page; its default export is the component. */
  load: () => Promise<{ default: ComponentType }>;
  /** Reached without being signed in. */
  open?: boolean;
  /** Its place among the tabs at the bottom, at most five; left out: reached from other screens only. */
  tab?: { order: number; icon: ReactNode };
};

const found = import.meta.glob<{ screens: Screen[] }>("../domains/*/screens.tsx", { eager: true });

/** Every slice's screens. */
export const SCREENS: readonly Screen[] = Object.values(found).flatMap((module) => module.screens);

/** The tabs at the bottom, in their order. */
export const TABS = SCREENS.flatMap((screen) => (screen.tab ? [{ ...screen, tab: screen.tab }] : [])).sort(
  (one, other) => one.tab.order - other.tab.order,
);
