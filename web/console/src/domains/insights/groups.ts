import type { Bucket } from "./bucket";
import type { Asked, By, GroupRow } from "./queries";

/** The members of a group: who is counted, or who did come back. Null for the smaller groups together, and where there is nobody. */
export function bucketOfGroup(row: GroupRow, by: By, asked: Asked, outcome: "counted" | "yes"): Bucket | null {
  const nobody = (outcome === "yes" ? row.n : row.denominator) === 0;
  if (row.rest || row.key === "" || nobody) {
    return null;
  }
  const group =
    row.key === null ? { missing: true } : { key: row.key, ...(by === "month" ? { month: `${row.key}-01` } : {}) };
  return { ...asked, of: "repurchase", days: row.days, outcome, by, ...group };
}
