import type { ComponentType, ReactNode } from "react";

/** The groups of the navigation, top to bottom; their names are `common:nav.<group>`. */
export const GROUPS = ["insights", "members", "programme", "data", "operate"] as const;
export type Group = (typeof GROUPS)[number];

/** One screen of the console. Each slice lists its own in `domains/<slice>/screens.tsx`; the frame finds them there. */
export type Screen = {
  /** The address below /console, without a slash in front: `members/:member`. */
  path: string;
  /** Key of its name, used by the navigation and the palette: `members:list.title`. */
  title: string;
  /** Who lacks it neither sees nor reaches the screen. */
  permission?: string;
  /** Loads the page; its default export is the component. */
  load: () => Promise<{ default: ComponentType }>;
  /** Left out: reached from other screens only. */
  nav?: { group: Group; order: number; icon: ReactNode; goTo?: string };
};
