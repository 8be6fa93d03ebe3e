import type { Answer, Body } from "@regulars/shared/api/client";
import { useCallback, useState } from "react";

export type Wish = Body<"/v1/imports/files/{file}/preview", "post">;
export type Preview = Answer<"/v1/imports/files/{file}/preview", "post">;
export type Choices = Answer<"/v1/imports/choices", "get">;
export type Column = Preview["columns"][number];

/** What was said about a file so far; kept in this tab, so that loading the page again forgets none of it. */
export function useWish(file: string): [Wish, (change: Wish) => void] {
  const key = `regulars.import.${file}`;
  const [wish, setWish] = useState<Wish>(() => stored(key));
  const change = useCallback(
    (more: Wish) =>
      setWish((before) => {
        const after = { ...before, ...more };
        keep(key, after);
        return after;
      }),
    [key],
  );
  return [wish, change];
}

/**
 * The whole mapping after `column` was given another meaning (empty: none). A meaning belongs to one column: whichever had it loses it.
 * Fields without a column are named too, since a field that is left out would be guessed again.
 */
export function remapped(
  columns: readonly Column[],
  fields: readonly { field: string }[],
  column: string,
  field: string,
): Record<string, string> {
  const meant = new Map(columns.flatMap((one) => (one.field && one.name !== column ? [[one.field, one.name]] : [])));
  if (field !== "") {
    meant.set(field, column);
  }
  return Object.fromEntries(fields.map((one) => [one.field, meant.get(one.field) ?? ""]));
}

function stored(key: string): Wish {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}") as Wish;
  } catch {
    return {};
  }
}

function keep(key: string, wish: Wish): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(wish));
  } catch {
    // Private windows may refuse to store: what was said then holds for this page only.
  }
}
