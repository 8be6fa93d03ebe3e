import type { Answer } from "@regulars/shared/api/client";
import type { JobState } from "@regulars/shared/desk/states/JobProgress";
import type { Tone } from "@regulars/shared/desk/Tag";

export type Import = Answer<"/v1/imports/{run}", "get">;
export type State = Import["state"];
export type RowClass = Import["classes"][number];

const LIVE: readonly State[] = ["queued", "reading", "applying", "stopping"];

/** Whether the import goes on by itself: what is shown of it has to be asked for again. */
export function isLive(one: Import): boolean {
  return LIVE.includes(one.state);
}

/** Whether it can go on where it stopped. One begun from a command line is gone on with there. */
export function canResume(one: Import): boolean {
  return (one.state === "cancelled" || one.state === "failed") && one.file !== null && one.file.removed_at === null;
}

/** Whether somebody here can stop it. */
export function canCancel(one: Import): boolean {
  return one.file !== null && isLive(one) && one.state !== "stopping";
}

export const TONES: Record<State, Tone> = {
  queued: "quiet",
  reading: "info",
  applying: "info",
  stopping: "warn",
  cancelled: "quiet",
  failed: "bad",
  done: "good",
  abandoned: "warn",
};

export const JOB_STATES: Record<State, JobState> = {
  queued: "queued",
  reading: "running",
  applying: "running",
  stopping: "running",
  cancelled: "cancelled",
  failed: "failed",
  done: "done",
  abandoned: "cancelled",
};

/** How many rows were not taken. */
export function quarantined(one: Import): number {
  return one.classes.find((kind) => kind.name === "quarantined")?.rows ?? 0;
}

/** The part of `total` that `rows` are; 0 of nothing. */
export function partOf(rows: number, total: number): number {
  return total > 0 ? rows / total : 0;
}
