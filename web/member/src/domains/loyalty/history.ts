import { type Row as ApiRow, answer, api } from "@regulars/shared/api/client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

export type Entry = ApiRow<"/m/v1/me/points/ledger", "get">;
export type Order = ApiRow<"/m/v1/me/orders", "get">;

const PAGE = 30;

/** What happened to one unit, newest first, page by page. Without a unit: the points. */
export function useLedger(unit?: string) {
  const { i18n } = useTranslation();
  return useInfiniteQuery({
    queryKey: ["me", i18n.language, "ledger", unit ?? ""],
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET("/m/v1/me/points/ledger", {
          params: { query: { limit: PAGE, ...(unit ? { unit } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

/** What was bought, newest first, page by page. */
export function useOrders() {
  const { i18n } = useTranslation();
  return useInfiniteQuery({
    queryKey: ["me", i18n.language, "orders"],
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET("/m/v1/me/orders", {
          params: { query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

/** Rows under the month they belong to, in their order. */
export function byMonth<One>(rows: readonly One[], monthOf: (row: One) => string): { month: string; rows: One[] }[] {
  const found: { month: string; rows: One[] }[] = [];
  for (const row of rows) {
    const month = monthOf(row);
    const last = found.at(-1);
    if (last?.month === month) {
      last.rows.push(row);
    } else {
      found.push({ month, rows: [row] });
    }
  }
  return found;
}
