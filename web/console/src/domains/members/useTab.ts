import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** The tab that the address names; another one begins without the page, order and filters of the one before. */
export function useTab(fallback: string): [string, (next: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (next: string) => setParams(next === fallback ? {} : { tab: next }, { replace: true }),
    [setParams, fallback],
  );
  return [params.get("tab") ?? fallback, set];
}
