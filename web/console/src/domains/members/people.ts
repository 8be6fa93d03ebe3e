import type { Answer, Row } from "@regulars/shared/api/client";

/** A member beside what it holds, as lists show it. */
export type Person = Row<"/v1/people", "get">;
/** Everything an operator sees of a member at a glance. */
export type Card = Answer<"/v1/people/{member}", "get">;
export type Wallet = Card["wallets"][number];
export type Happened = Row<"/v1/people/{member}/timeline", "get">;
export type Kind = Happened["kind"];
export type Status = Person["status"];

export const STATUSES = ["active", "closed", "erased"] as const satisfies readonly Status[];
export const KINDS = [
  "order",
  "refund",
  "points",
  "tier",
  "consent",
  "note",
  "exposure",
] as const satisfies readonly Kind[];

/** How a member is called: by name, else by your own id, else by ours. */
export function calledBy(person: { name: string | null; external_id: string | null; id: string }): string {
  return person.name ?? person.external_id ?? person.id;
}
