import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

export type Values = Record<string, string>;

/**
 * Part of a page's state kept in its address, so that every view can be sent to a colleague: `[values, set]`. An empty value is left
 * out. Setting filters drops the page that was shown, which belonged to the filters before.
 */
export function useSearchValues(names: readonly string[]): [Values, (next: Values) => void] {
  const [params, setParams] = useSearchParams();
  const joined = names.join(" ");
  const values = useMemo(
    () =>
      Object.fromEntries(
        joined.split(" ").flatMap((name) => (params.get(name) ? [[name, params.get(name) ?? ""]] : [])),
      ),
    [params, joined],
  );
  const set = useCallback(
    (next: Values) => {
      setParams((before) => {
        const after = new URLSearchParams(before);
        for (const name of [...joined.split(" "), "page"]) {
          after.delete(name);
        }
        for (const [name, value] of Object.entries(next)) {
          if (value !== "") {
            after.set(name, value);
          }
        }
        return after;
      });
    },
    [setParams, joined],
  );
  return [values, set];
}

/** One value of the address, for a tab or a switch: `[tab, setTab] = useSearchValue("tab", "timeline")`. The default is left out. */
export function useSearchValue(name: string, fallback: string): [string, (next: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (next: string) => {
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (next === fallback) {
            after.delete(name);
          } else {
            after.set(name, next);
          }
          return after;
        },
        { replace: true },
      );
    },
    [setParams, name, fallback],
  );
  return [params.get(name) ?? fallback, set];
}
