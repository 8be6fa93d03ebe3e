import type { LoadPage, RowsPage } from "@regulars/shared/desk/table/usePages";
import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useSearchParams } from "react-router";
import type { Person } from "./people";

/** The list somebody came from: its members in their order, its address, and the way to its next page. */
export type Walk = { ids: string[]; address: string; more: (() => Promise<Walk>) | null };

const KEY = ["members", "walk"] as const;
const NOBODY: Walk = { ids: [], address: "", more: null };
const LIMIT = 50;

/** The list that a member was opened from, for the steps to the one before and after. In memory: a list may stand on what was typed. */
export function useWalk(): [Walk, (walk: Walk) => void] {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: () => client.getQueryData<Walk>(KEY) ?? NOBODY,
    initialData: NOBODY,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    // Holds a function: taken as it is, not compared part by part.
    structuralSharing: false,
  });
  const set = useCallback((walk: Walk) => void client.setQueryData(KEY, walk), [client]);
  return [data, set];
}

/** Remembers the page that the list with this key shows, also when it came from the cache. */
export function useRememberedWalk(queryKey: QueryKey, load: LoadPage<Person>): void {
  const [params] = useSearchParams();
  const cursor = params.get("page") ?? undefined;
  const sort = params.get("sort") ?? undefined;
  const [, remember] = useWalk();
  // The key under which the table keeps its page: only watched here, the table asks for it.
  const { data } = useQuery<RowsPage<Person>>({
    queryKey: [...queryKey, { cursor, sort }],
    queryFn: ({ signal }) => load({ cursor, limit: LIMIT, sort, signal }),
    enabled: false,
  });
  useEffect(() => {
    const address = params.size > 0 ? `?${params}` : "";
    const walk = (ids: string[], next: string | null): Walk => ({
      ids,
      address,
      more: next === null ? null : () => further(ids, next),
    });
    const further = async (ids: string[], next: string) => {
      const page = await load({ cursor: next, limit: LIMIT, sort, signal: new AbortController().signal });
      return walk([...ids, ...page.items.map((one) => one.id)], page.next);
    };
    if (data) {
      const ids = data.items.map((one) => one.id);
      remember(walk(ids, data.next));
    }
  }, [data, load, params, sort, remember]);
}
