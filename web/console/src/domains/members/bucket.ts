import { answer, api } from "@regulars/shared/api/client";
import type { paths } from "@regulars/shared/api/schema";
import type { Asked, RowsPage } from "@regulars/shared/desk/table/usePages";
import type { Person } from "./people";

type Query = NonNullable<paths["/v1/insights/members"]["get"]["parameters"]["query"]>;
/** Which members are behind a number, as `GET /v1/insights/members` takes it. */
export type Bucket = Query;

// Members come one by one: a page of a few keeps that short.
const AT_ONCE = 20;
const LISTS = new Set(["store", "channel", "tier"]);

/**
 * The drill-down in the address: `?bucket=` holds the query of `/v1/insights/members`, encoded (`of=repurchase&outcome=yes&days=30`).
 * Null when there is none or it names no metric.
 */
export function bucketOf(text: string | null): Bucket | null {
  const given = new URLSearchParams(text ?? "");
  if (!given.get("of")) {
    return null;
  }
  const entries = [...new Set(given.keys())].map((name) => [
    name,
    LISTS.has(name) ? given.getAll(name) : given.get(name),
  ]);
  return Object.fromEntries(entries) as Bucket;
}

/** A page of the members behind a number, each with what it holds now, and how many there are altogether. */
export async function peopleBehind(
  bucket: Bucket,
  { cursor, signal }: Pick<Asked, "cursor" | "signal">,
): Promise<RowsPage<Person>> {
  const page = await answer(
    api.GET("/v1/insights/members", {
      params: { query: { ...bucket, limit: AT_ONCE, ...(cursor ? { cursor } : {}) } },
      signal,
    }),
  );
  const items = await Promise.all(page.items.map(({ id }) => personOf(id, signal)));
  return { items, next: page.next, count: page.total, count_is_exact: true };
}

async function personOf(member: string, signal: AbortSignal): Promise<Person> {
  return (await answer(api.GET("/v1/people/{member}", { params: { path: { member } }, signal }))).person;
}
