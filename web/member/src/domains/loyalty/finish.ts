import type { Me } from "../../mine/mine";

/** Materials a card can be made of; `loyalty.css` draws them. */
export type Finish = "paper" | "silver" | "gold" | "night" | "jade";

const NAMED: Readonly<Record<string, Finish>> = {
  bronze: "paper",
  silver: "silver",
  gold: "gold",
  platinum: "night",
  diamond: "night",
  black: "night",
};

/** A level's material: by its name where that says one, else by its place on the ladder. */
export function finishOf(me: Pick<Me, "tier" | "progress">): Finish {
  const named = NAMED[me.tier.level];
  if (named) {
    return named;
  }
  if (me.progress.next_level === null) {
    return "night";
  }
  return me.progress.start === 0 ? "paper" : "jade";
}
