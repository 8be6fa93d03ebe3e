import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useSearchValues, type Values } from "../../url/search";
import { type Filter, namesOf, sentence } from "./filters";

/** The filters of a list: their values in the address, how to set and clear them, and what they say in one line. */
export function useFilters(filters: readonly Filter[]): {
  values: Values;
  set: (next: Values) => void;
  clear: () => void;
  sentence: string;
} {
  const { t } = useTranslation("ui");
  const [values, set] = useSearchValues(namesOf(filters));
  const said = useMemo(
    () =>
      sentence(filters, values, {
        pair: (label, value) => t("filter.contains", { label, value }),
        range: (from, to) => t("filter.between", { from, to }),
      }),
    [filters, values, t],
  );
  return { values, set, clear: () => set({}), sentence: said };
}
