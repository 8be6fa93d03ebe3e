import type { Answer } from "@regulars/shared/api/client";
import type { JobState } from "@regulars/shared/desk/states/JobProgress";

export type Verification = Answer<"/v1/ledger/verification", "get">;
export type Run = NonNullable<Verification["latest"]>;

export const SHOWN_AS: Record<Run["state"], JobState> = {
  queued: "queued",
  running: "running",
  stopping: "running",
  done: "done",
  failed: "failed",
  cancelled: "cancelled",
};

/** Whether it goes on by itself: what is shown of it has to be asked for again. */
export function isLive(run: Run | null | undefined): boolean {
  return run?.state === "queued" || run?.state === "running" || run?.state === "stopping";
}
