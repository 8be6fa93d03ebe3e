import { answer, api } from "@regulars/shared/api/client";

export type Called<Row> = Row & { called: string | null };

/** The rows, each with how its member is called; null where nobody may know, or where there is no name. */
export async function withNames<Row extends { member: string | null }>(
  rows: readonly Row[],
  may: (permission: string) => boolean,
  signal: AbortSignal,
): Promise<Called<Row>[]> {
  const member = [...new Set(rows.flatMap((row) => (row.member === null ? [] : [row.member])))];
  if (member.length === 0 || !may("members.read")) {
    return rows.map((row) => ({ ...row, called: null }));
  }
  const { items } = await answer(api.GET("/v1/member-names", { params: { query: { member } }, signal }));
  const names = new Map(items.map((one) => [one.id, one.name]));
  return rows.map((row) => ({ ...row, called: row.member === null ? null : (names.get(row.member) ?? null) }));
}
