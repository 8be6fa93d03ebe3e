import { useQuery } from "@tanstack/react-query";
import { answer, api, type Row } from "../api/client";
import { said, usePlan } from "./plan";

/** One thing of the programme in words: a unit, a ladder, a level, a rule, a coupon, a benefit, a reward. */
export type Item = Row<"/v1/programme/outline", "get">;

/** The programme in force, read aloud; `undefined` until it is read, and for whoever may not read it. */
export function useOutline(): readonly Item[] | undefined {
  const version = usePlan()?.version;
  const query = useQuery({
    queryKey: ["programme", "outline", version],
    queryFn: ({ signal }) => answer(api.GET("/v1/programme/outline", { signal })),
    enabled: version !== undefined,
    staleTime: 10 * 60_000,
  });
  return query.data?.items;
}

/** What the programme calls the thing at `path` (`coupons.welcome`); the last part of the path for what it no longer has. */
export function titleAt(items: readonly Item[] | undefined, path: string): string {
  return said(items?.find((item) => item.path === path)?.title) || path.slice(path.lastIndexOf(".") + 1);
}
