import { Why } from "@regulars/shared/desk/why/Why";
import type { ComponentProps } from "react";
import type { Happened } from "./people";

type Decision = NonNullable<Happened["points"]>;
type Row = ComponentProps<typeof Why>["row"];

/** The reason of a decision's line: what the timeline tells of it, put as the ledger tells it. */
export function LineWhy({ decision, line }: { decision: Decision; line: Decision["lines"][number] }) {
  const row: Row = {
    seq: decision.seq,
    n: line.n,
    unit: line.unit,
    kind: line.kind,
    amount: line.amount,
    at: decision.effective_at,
    expires_at: line.expires_at,
    ref: decision.ref,
    fact: decision.fact,
    effective_at: decision.effective_at,
    recorded_at: decision.recorded_at,
    programme: decision.programme,
    actor: decision.actor,
    why: line.why,
    text: { ...line.text },
  };
  return <Why row={row} />;
}
