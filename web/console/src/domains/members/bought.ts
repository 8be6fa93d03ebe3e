import { answer, api } from "@regulars/shared/api/client";
import type { Asked, RowsPage } from "@regulars/shared/desk/table/usePages";
import type { Happened } from "./people";

type Decision = NonNullable<Happened["points"]>;
/** An order with what was decided about points because of it; null: nothing that is known. */
export type Bought = NonNullable<Happened["order"]> & { paid_at: string; earned: Decision | null };

const KINDS: ("order" | "points")[] = ["order", "points"];
const FACT = "order";

/**
 * A page of orders, newest first, with what each earned. Both come from the timeline, where a decision about an order stands right after
 * it: where a page ends between the two, the next few rows are looked at as well.
 */
export async function bought(member: string, { cursor, limit, signal }: Asked): Promise<RowsPage<Bought>> {
  const read = (after: string | null | undefined, many: number) =>
    answer(
      api.GET("/v1/people/{member}/timeline", {
        params: { path: { member }, query: { kind: KINDS, limit: many, ...(after ? { cursor: after } : {}) } },
        signal,
      }),
    );
  const page = await read(cursor, limit * 2);
  const cut = page.items.at(-1)?.kind === "order" && page.next !== null;
  const beyond = cut ? (await read(page.next, 5)).items : [];
  const decisions = new Map(
    [...page.items, ...beyond].flatMap(({ points }) => (points?.fact === FACT ? [[points.ref, points] as const] : [])),
  );
  const items = page.items.flatMap(({ order, at, key }) =>
    order ? [{ ...order, paid_at: at, earned: decisions.get(key.slice(key.indexOf(":") + 1)) ?? null }] : [],
  );
  return { items, next: page.next };
}

/** How much of a unit an order earned. What lapsed, or paid a debt, at the same moment is in the same decision and was not earned. */
export function earnedOf(order: Bought, unit: string): number | null {
  const lines = order.earned?.lines.filter((line) => line.unit === unit && line.kind === "grant") ?? [];
  return order.earned === null ? null : lines.reduce((sum, line) => sum + line.amount, 0);
}
