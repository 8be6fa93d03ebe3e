import { answer, api, type Row } from "@regulars/shared/api/client";
import { Problem } from "@regulars/shared/api/problem";
import { type Item, titleAt } from "@regulars/shared/session/outline";
import { type Plan, said } from "@regulars/shared/session/plan";
import type { Values } from "@regulars/shared/url/search";

export type Entry = Row<"/v1/ledger", "get">;
export type Total = Row<"/v1/ledger/totals", "get">;

/** What can be asked for by kind: of points first, then of levels, coupons, rewards and benefits. */
export const KINDS = [
  "grant",
  "spend",
  "restore",
  "expire",
  "reverse",
  "deduct",
  "hold",
  "unhold",
  "confirm",
  "release",
  "arrive",
  "extend",
  "send",
  "receive",
  "settle",
  "owe",
  "waive",
  "return",
  "tier",
  "issue",
  "use",
  "charge",
  "give_back",
  "void",
  "lapse",
  "pass_on",
  "reserve",
  "unreserve",
  "order",
  "fulfilled",
  "completed",
  "cancelled",
] as const;
export type EntryKind = (typeof KINDS)[number];

/** Whether a text of the server or of the address is a kind of entry. */
export function isKind(value: string): value is EntryKind {
  return KINDS.some((kind) => kind === value);
}

/** The filters as the server takes them. A member is one of our ids, or else your own id. */
export function asAsked({ kind, unit, member, from, to, reason }: Values) {
  const whose = member?.trim();
  return {
    ...(kind && isKind(kind) ? { kind: [kind] } : {}),
    ...(unit ? { unit } : {}),
    ...(whose ? { member: whose.startsWith("mbr_") ? whose : `external:${whose}` } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(reason ? { reason } : {}),
  };
}

/** Where the server writes the entries that match as a file. */
export function fileOf(values: Values, form: "csv" | "xlsx"): string {
  const { kind, ...rest } = asAsked(values);
  const query = new URLSearchParams({ ...rest, ...(kind ? { kind: kind[0] ?? "" } : {}), format: form });
  return `/v1/ledger/file?${query}`;
}

/** A page of entries. A member that nobody knows has none. */
export async function entries(values: Values, paging: { limit: number; cursor?: string }, signal: AbortSignal) {
  try {
    return await answer(api.GET("/v1/ledger", { params: { query: { ...asAsked(values), ...paging } }, signal }));
  } catch (thrown) {
    const unknown = thrown instanceof Problem && (thrown.status === 404 || thrown.faultOf("mbr") !== undefined);
    if (values.member && unknown) {
      return { items: [], next: null };
    }
    throw thrown;
  }
}

const GOODS = { coupon: "coupons", reward: "rewards", benefit: "benefits" } as const;

/** What an entry is about, by its name: a unit, a ladder, a coupon, a reward or a benefit. */
export function nameOf(unit: string, plan: Plan | undefined, outline: readonly Item[] | undefined): string {
  const [kind, name] = unit.split(":");
  if (kind !== undefined && name !== undefined && kind in GOODS) {
    return titleAt(outline, `${GOODS[kind as keyof typeof GOODS]}.${name}`);
  }
  return said(plan?.units[unit]) || titleAt(outline, unit === "main" ? "ladder" : `ladders.${unit}`);
}
