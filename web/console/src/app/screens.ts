import type { Screen } from "@regulars/shared/desk/screens";

const found = import.meta.glob<{ screens: Screen[] }>("../domains/*/screens.tsx", { eager: true });

/** Every slice's screens. A slice is found by its file `screens.tsx`; there is no list to add it to. */
export const SCREENS: readonly Screen[] = Object.values(found).flatMap((module) => module.screens);

/** The screens of the navigation, in its order, for somebody who may do what `may` says. */
export function navigable(may: (permission: string) => boolean): (Screen & { nav: NonNullable<Screen["nav"]> })[] {
  return SCREENS.flatMap((screen) =>
    screen.nav && (screen.permission === undefined || may(screen.permission)) ? [{ ...screen, nav: screen.nav }] : [],
  ).sort((one, other) => one.nav.order - other.nav.order);
}
