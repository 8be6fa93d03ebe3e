import type { Answer, Row } from "@regulars/shared/api/client";
import type { Tone } from "@regulars/shared/desk/Tag";
import { useOutline } from "@regulars/shared/session/outline";
import { said } from "@regulars/shared/session/plan";
import { useMemo } from "react";

export type GiftBatch = Row<"/v1/gift-cards", "get">;
export type GiftCard = Row<"/v1/gift-cards/{batch}/cards", "get">;
export type MadeCards = Answer<"/v1/gift-cards", "post">;

export const GIFT_STATES = ["open", "redeemed", "void"] as const;
export type GiftState = (typeof GIFT_STATES)[number] | "lapsed";
export const GIFT_TONES: Record<GiftState, Tone> = { open: "good", redeemed: "quiet", void: "bad", lapsed: "warn" };

/** What a card is now: one that is open but past its day has lapsed. */
export function stateOf(card: Pick<GiftCard, "state" | "expires_at">, now = Date.now()): GiftState {
  return card.state === "open" && Date.parse(card.expires_at) <= now ? "lapsed" : card.state;
}

/** Whether a text of the address is a state that cards are listed by. */
export function isGiftState(value: string | undefined): value is (typeof GIFT_STATES)[number] {
  return GIFT_STATES.some((state) => state === value);
}

/** The units that gift cards can be made of: those that are money. */
export function useMoneyUnits() {
  const outline = useOutline();
  return useMemo(
    () =>
      (outline ?? [])
        .filter((item) => item.part === "unit" && item.content.money === true)
        .map((item) => ({ value: item.path.slice("units.".length), label: said(item.title) })),
    [outline],
  );
}
