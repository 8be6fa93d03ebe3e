import type { Answer, Body } from "@regulars/shared/api/client";
import { fromWall, toWall } from "./wall";

export type Tried = Answer<"/v1/programme/try", "post">;
export type Trace = Tried["rules"][number];
export type Leaf = Trace["judged"][number]["leaves"][number];

export type Line = { key: number; product: string; category: string; quantity: number; amount: number | null };
export type MadeUp = {
  level: string;
  orders: number;
  spend: number | null;
  joinedDaysAgo: number;
  heldOut: boolean;
  balances: Record<string, number>;
};

/** An order to be tried and who buys; it stands in the address as JSON. `at` is on the programme's clocks. */
export type Trial = { at: string; lines: Line[]; who: "madeUp" | "member"; member: string | null; madeUp: MadeUp };

/** The trial one begins with. */
export function firstTrial(): Trial {
  return {
    at: toWall(Date.now()),
    lines: [{ key: 1, product: "", category: "", quantity: 1, amount: null }],
    who: "madeUp",
    member: null,
    madeUp: { level: "", orders: 0, spend: null, joinedDaysAgo: 0, heldOut: false, balances: {} },
  };
}

/** The trial of an address; `null` for none, or for one that cannot be read. */
export function readTrial(text: string): Trial | null {
  try {
    const given = JSON.parse(text) as Partial<Trial>;
    const first = firstTrial();
    return Array.isArray(given.lines) && given.lines.length > 0
      ? { ...first, ...given, lines: given.lines, madeUp: { ...first.madeUp, ...given.madeUp } }
      : null;
  } catch {
    return null;
  }
}

/** Whether it can be tried: every line has a product and an amount, and there is somebody who buys. */
export function complete(trial: Trial): boolean {
  const whole = trial.lines.every((line) => line.product.trim() !== "" && line.amount !== null);
  return whole && trial.at !== "" && (trial.who === "madeUp" || trial.member !== null);
}

/** The trial as the server takes it, under a version or an unsaved document. */
export function asBody(
  trial: Trial,
  under: { version?: number; document?: string },
  currency: string,
): Body<"/v1/programme/try", "post"> {
  const { madeUp } = trial;
  const body = {
    ...under,
    ...(trial.who === "member"
      ? { member: { id: trial.member } }
      : {
          standing: {
            level: madeUp.level || null,
            orders: madeUp.orders,
            spend: madeUp.spend ?? 0,
            joined_days_ago: madeUp.joinedDaysAgo,
            held_out: madeUp.heldOut,
            balances: Object.fromEntries(Object.entries(madeUp.balances).filter(([, amount]) => amount > 0)),
          },
        }),
    order: {
      paid_at: fromWall(trial.at),
      currency,
      lines: trial.lines.map(({ product, category, quantity, amount }) => ({
        product: product.trim(),
        category: category.trim(),
        quantity,
        amount: amount ?? 0,
      })),
    },
  };
  // What has a default need not be sent; the generated type asks for it all the same.
  return body as Body<"/v1/programme/try", "post">;
}
