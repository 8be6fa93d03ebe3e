import type { Values } from "../../url/search";

/** One filter. Its values stand in the address under its name(s), as the server takes them. */
export type Filter =
  | { kind: "text"; name: string; label: string; placeholder?: string }
  | { kind: "choice"; name: string; label: string; options: readonly { value: string; label: string }[] }
  | { kind: "days"; from: string; to: string; label: string };

/** Every name in the address that these filters use. */
export function namesOf(filters: readonly Filter[]): string[] {
  return filters.flatMap((filter) => (filter.kind === "days" ? [filter.from, filter.to] : [filter.name]));
}

/** The filters in force as one readable line: "Status: closed, joined 2026-01-01 to 2026-02-01". Empty when there are none. */
export function sentence(
  filters: readonly Filter[],
  values: Values,
  words: { pair: (label: string, value: string) => string; range: (from: string, to: string) => string },
): string {
  return filters
    .flatMap((filter) => {
      if (filter.kind === "days") {
        const from = values[filter.from];
        const to = values[filter.to];
        return from || to ? [words.pair(filter.label, words.range(from ?? "…", to ?? "…"))] : [];
      }
      const value = values[filter.name];
      if (!value) {
        return [];
      }
      const shown = filter.kind === "choice" ? filter.options.find((option) => option.value === value)?.label : value;
      return [words.pair(filter.label, shown ?? value)];
    })
    .join(", ");
}
