import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";

type Page<Row> = { items: Row[]; next: string | null };

/** A list of the server, page after page: the rows so far, and whether there are more. */
export function usePaged<Row>(
  queryKey: QueryKey,
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>,
) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  return { query, rows: query.data?.pages.flatMap((page) => page.items) ?? [] };
}
