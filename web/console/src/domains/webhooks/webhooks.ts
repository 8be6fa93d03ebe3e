import { type Answer, answer, api, type Row } from "@regulars/shared/api/client";
import type { Tone } from "@regulars/shared/desk/Tag";
import { useQuery } from "@tanstack/react-query";

export type Endpoint = Row<"/v1/webhooks/endpoints", "get">;
export type Delivery = Row<"/v1/webhooks/endpoints/{endpoint}/deliveries", "get">;
export type Attempt = Answer<"/v1/webhooks/endpoints/{endpoint}/deliveries/{message}", "get">["attempts"][number];
export type Made = Answer<"/v1/webhooks/endpoints", "post">;
export type State = Delivery["state"];

/** Sent by hand; nobody has to ask for it. */
export const TEST = "webhooks.test";
export const STATES = ["waiting", "delivered", "failed"] as const satisfies readonly State[];
export const TONES: Record<State, Tone> = { waiting: "info", delivered: "good", failed: "bad" };

/** Whether a text of the address is a state to ask for. */
export function isState(value: string | undefined): value is State {
  return STATES.some((state) => state === value);
}

/** Every type of message there is. */
export function useTypes() {
  return useQuery({
    queryKey: ["webhooks", "types"],
    queryFn: async ({ signal }) => (await answer(api.GET("/v1/webhooks/types", { signal }))).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
