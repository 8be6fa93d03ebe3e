import { type Answer, answer, api, type Row } from "@regulars/shared/api/client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { amountOf, shortMoney } from "../../mine/amounts";
import { type Me, useMine } from "../../mine/mine";

export type Reward = Row<"/m/v1/me/rewards", "get">;
export type RewardOrder = Row<"/m/v1/me/reward-orders", "get">;
export type OneOrder = Answer<"/m/v1/me/reward-orders/{order}", "get">;

const PAGE = 20;
const MOST_AT_ONCE = 99;

/** The mall, in the order of the programme. */
export function useRewards() {
  return useMine("rewards", (signal) => answer(api.GET("/m/v1/me/rewards", { signal })));
}

/** What I ordered, newest first, page by page. */
export function useRewardOrders() {
  const { i18n } = useTranslation();
  return useInfiniteQuery({
    queryKey: ["me", i18n.language, "reward-orders"],
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET("/m/v1/me/reward-orders", {
          params: { query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

/** One order with all that happened to it. */
export function useRewardOrder(order: string) {
  return useMine(`reward-order ${order}`, (signal) =>
    answer(api.GET("/m/v1/me/reward-orders/{order}", { params: { path: { order } }, signal })),
  );
}

/** What I have of the unit that something is paid with. */
export function balanceOf(me: Me | undefined, unit: string): Me["balances"][number] | undefined {
  return me?.balances.find((balance) => balance.unit === unit);
}

/** A price in words: `500 points + £9.90`. */
export function priceOf(
  cost: { points: number; cash: number; currency: string },
  unit: string,
  money: string | null,
): string {
  const units = money === null ? `${amountOf(cost.points, null)} ${unit}` : amountOf(cost.points, money);
  return cost.cash > 0 ? `${units} + ${shortMoney(cost.cash, cost.currency)}` : units;
}

/** The most of a reward that could be ordered at once: by its stock, my limit and what I have. */
export function mostOf(reward: Reward, available: number): number {
  const bounds = [MOST_AT_ONCE, Math.floor(available / Math.max(1, reward.points)), reward.left, reward.allowed];
  return Math.max(1, Math.min(...bounds.filter((bound) => bound !== null)));
}
