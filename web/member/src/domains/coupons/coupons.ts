import { answer, api, type Row } from "@regulars/shared/api/client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMine } from "../../mine/mine";

export type Coupon = Row<"/m/v1/me/coupons", "get">;
export type Claimable = Row<"/m/v1/me/coupons/claimable", "get">;
export type Worth = Coupon["worth"];

export const TABS = ["live", "used", "ended"] as const;
export type Tab = (typeof TABS)[number];

const PAGE = 20;

/** My coupons in hand (all on one page, the soonest end first), used or ended (page by page, newest first). */
export function useCoupons(state: Tab) {
  const { i18n } = useTranslation();
  return useInfiniteQuery({
    queryKey: ["me", i18n.language, "coupons", state],
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET("/m/v1/me/coupons", {
          params: { query: { state, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

/** What I could claim by myself, and why not. */
export function useClaimables() {
  return useMine("claimable", (signal) => answer(api.GET("/m/v1/me/coupons/claimable", { signal })));
}
