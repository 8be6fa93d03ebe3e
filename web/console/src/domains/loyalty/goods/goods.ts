import { type Answer, answer, api, type Row } from "@regulars/shared/api/client";
import type { Tone } from "@regulars/shared/desk/Tag";
import { useQuery } from "@tanstack/react-query";

export type Kind = Row<"/v1/coupons/definitions", "get">;
export type Count = Row<"/v1/coupons/counts", "get">;
export type Held = Row<"/v1/coupons", "get">;
export type Batch = Row<"/v1/coupon-batches", "get">;
export type Looked = Answer<"/v1/coupons:look-up", "post">;
export type Reward = Row<"/v1/rewards", "get">;
export type RewardOrder = Row<"/v1/reward-orders", "get">;
export type Report = Answer<"/v1/benefits/report", "get">;
export type Benefit = Report["items"][number];

export const COUPON_STATES = ["issued", "reserved", "used", "void", "lapsed", "passed_on"] as const;
export type CouponState = (typeof COUPON_STATES)[number];
export const COUPON_TONES: Record<CouponState, Tone> = {
  issued: "good",
  reserved: "info",
  used: "quiet",
  void: "bad",
  lapsed: "warn",
  passed_on: "quiet",
};
export const ORDER_STATES = ["placed", "fulfilled", "completed", "cancelled"] as const;
export type OrderState = (typeof ORDER_STATES)[number];
export const ORDER_TONES: Record<OrderState, Tone> = {
  placed: "warn",
  fulfilled: "info",
  completed: "good",
  cancelled: "quiet",
};
export const BATCH_TONES = { making: "info", ready: "good", void: "bad" } as const satisfies Record<string, Tone>;
export type BatchState = keyof typeof BATCH_TONES;

/** Whether a text of the server or of the address is a state of a coupon. */
export function isCouponState(value: string | undefined): value is CouponState {
  return COUPON_STATES.some((state) => state === value);
}

/** Whether a text is a state of a reward order. */
export function isOrderState(value: string | undefined): value is OrderState {
  return ORDER_STATES.some((state) => state === value);
}

/** Whether a text is a state of a batch of codes. */
export function isBatchState(value: string): value is BatchState {
  return value in BATCH_TONES;
}

/** Every kind of coupon of the programme in force. */
export function useKinds() {
  return useQuery({
    queryKey: ["goods", "kinds"],
    queryFn: async ({ signal }) => (await answer(api.GET("/v1/coupons/definitions", { signal }))).items,
    staleTime: 60_000,
  });
}

/** What became of every kind of coupon, by its id: asked for beside the list, since counting takes longer. */
export function useCounts() {
  return useQuery({
    queryKey: ["goods", "counts"],
    queryFn: async ({ signal }) => {
      const { items } = await answer(api.GET("/v1/coupons/counts", { signal }));
      return new Map(items.map((one) => [one.definition, one]));
    },
  });
}
