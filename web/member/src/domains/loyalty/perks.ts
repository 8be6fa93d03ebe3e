import { answer, api, type Row } from "@regulars/shared/api/client";
import { useMine } from "../../mine/mine";

export type Benefit = Row<"/m/v1/me/benefits", "get">;

/** The benefits of the programme: on which levels each is had, and what is left of mine. */
export function useBenefits() {
  return useMine("benefits", (signal) => answer(api.GET("/m/v1/me/benefits", { signal })));
}
