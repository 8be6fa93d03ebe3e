import { answer, api, type Row } from "@regulars/shared/api/client";
import { currentLanguage } from "@regulars/shared/i18n/language";
import { useMay } from "@regulars/shared/session/session";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";

export type Store = { code: string; name: string };
const AT_ONCE = 200;

/** The stores with their names, and a store's name by its code: the code itself where the name is not known. */
export function useStores(): { stores: Store[] | undefined; storeOf: (code: string) => string } {
  const may = useMay();
  const { i18n } = useTranslation();
  const query = useQuery({
    queryKey: ["members", "stores"],
    queryFn: ({ signal }) => answer(api.GET("/v1/catalog/stores", { params: { query: { limit: AT_ONCE } }, signal })),
    enabled: may("catalog.read"),
    staleTime: 10 * 60_000,
  });
  const rows = query.data?.items;
  // A list of some of them would hide the others: then the code is typed.
  const whole = query.data?.next === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: names follow the language
  const names = useMemo(() => new Map((rows ?? []).map((row) => [row.code, nameOf(row)])), [rows, i18n.language]);
  const stores = useMemo(
    () => (whole ? [...names].map(([code, name]) => ({ code, name })) : undefined),
    [names, whole],
  );
  const storeOf = useCallback((code: string) => names.get(code) ?? code, [names]);
  return { stores, storeOf };
}

function nameOf(row: Row<"/v1/catalog/stores", "get">): string {
  return (currentLanguage() === "en" ? row.name_en : row.name_zh) || row.name_zh || row.name_en || row.code;
}
