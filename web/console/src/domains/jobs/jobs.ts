import type { Answer } from "@regulars/shared/api/client";
import type { JobState } from "@regulars/shared/desk/states/JobProgress";
import type { Tone } from "@regulars/shared/desk/Tag";

export type Job = Answer<"/v1/jobs/{job}", "get">;
export type State = Job["state"];
/** The states one can ask for: a job that is stopping counts as running. */
export const ASKED = ["queued", "running", "done", "failed", "cancelled"] as const satisfies readonly State[];
export type Asked = (typeof ASKED)[number];

export const TONES: Record<State, Tone> = {
  queued: "quiet",
  running: "info",
  stopping: "warn",
  done: "good",
  failed: "bad",
  cancelled: "quiet",
};

export const SHOWN_AS: Record<State, JobState> = {
  queued: "queued",
  running: "running",
  stopping: "running",
  done: "done",
  failed: "failed",
  cancelled: "cancelled",
};

/** Whether it goes on by itself. */
export function isLive(job: Job): boolean {
  return job.state === "queued" || job.state === "running" || job.state === "stopping";
}

/** Whether a text of the address is a state to ask for. */
export function isAsked(value: string | undefined): value is Asked {
  return ASKED.some((state) => state === value);
}
