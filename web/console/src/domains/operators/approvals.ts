import type { Answer } from "@regulars/shared/api/client";

export type Approval = Answer<"/v1/approvals/{approval}", "get">;
export type State = Approval["state"];
export const STATES = ["pending", "executed", "refused", "withdrawn", "expired"] as const satisfies readonly State[];
