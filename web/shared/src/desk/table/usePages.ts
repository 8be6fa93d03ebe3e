import { keepPreviousData, type QueryKey, useQuery } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { useSearchParams } from "react-router";
import { fromThrown, type Problem } from "../../api/problem";

/** A page as every list of the server gives it. `count` where the list counts: exact, or a floor. */
export type RowsPage<Row> = { items: Row[]; next: string | null; count?: number | null; count_is_exact?: boolean };
export type Asked = { cursor: string | undefined; limit: number; sort: string | undefined; signal: AbortSignal };
export type LoadPage<Row> = (asked: Asked) => Promise<RowsPage<Row>>;

const LIMIT = 50;

/** One page of a server's list; which page and which order stand in the address (`page`, `sort`). */
export function usePages<Row>(queryKey: QueryKey, load: LoadPage<Row>) {
  const [params, setParams] = useSearchParams();
  const cursor = params.get("page") ?? undefined;
  const sort = params.get("sort") ?? undefined;
  // Cursors only lead forwards: the way back is remembered. After a reload there is none, and "first page" leads home.
  const trail = useRef<(string | undefined)[]>([]);
  const query = useQuery({
    queryKey: [...queryKey, { cursor, sort }],
    queryFn: ({ signal }) => load({ cursor, limit: LIMIT, sort, signal }),
    placeholderData: keepPreviousData,
  });
  const go = useCallback(
    (to: string | undefined) =>
      setParams((before) => {
        const after = new URLSearchParams(before);
        after.delete("page");
        if (to !== undefined) {
          after.set("page", to);
        }
        return after;
      }),
    [setParams],
  );
  const problem: Problem | null = query.error ? fromThrown(query.error) : null;
  const next = query.data?.next ?? null;
  return {
    rows: query.data?.items ?? [],
    count: query.data?.count ?? null,
    countIsExact: query.data?.count_is_exact ?? true,
    problem,
    isFirstLoad: query.isPending,
    isRefreshing: query.isFetching,
    refresh: () => void query.refetch(),
    hasNext: next !== null && !query.isPlaceholderData,
    isFirstPage: cursor === undefined,
    forward: () => {
      if (next !== null) {
        trail.current.push(cursor);
        go(next);
      }
    },
    back: () => go(trail.current.pop()),
    sort,
    orderBy: (column: string | undefined) =>
      setParams((before) => {
        const after = new URLSearchParams(before);
        after.delete("page");
        after.delete("sort");
        if (column !== undefined) {
          after.set("sort", column);
        }
        return after;
      }),
  };
}
