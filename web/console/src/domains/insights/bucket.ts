import type { paths } from "@regulars/shared/api/schema";

type Query = NonNullable<paths["/v1/insights/members"]["get"]["parameters"]["query"]>;
/** The members behind one number, as `GET /v1/insights/members` is asked for them. */
export type Bucket = Omit<Query, "cursor" | "limit">;

/**
 * The address of the members list for these members: `?bucket=` holds the query of `/v1/insights/members` as one text
 * (`of=repurchase&days=30&outcome=yes`). What is null or empty is left out; several stores repeat the name.
 */
export function addressOf(bucket: Bucket): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(bucket)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "" && one !== false) {
        query.append(name, String(one));
      }
    }
  }
  return `/members?${new URLSearchParams({ bucket: query.toString() })}`;
}
