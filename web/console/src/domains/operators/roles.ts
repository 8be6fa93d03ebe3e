import { answer, api, type Row } from "@regulars/shared/api/client";
import { currentLanguage } from "@regulars/shared/i18n/language";
import { useQuery } from "@tanstack/react-query";

export type Role = Row<"/v1/roles", "get">;
export type Permission = Row<"/v1/permissions", "get">;

/** Every role there is, the built-in ones first. */
export function useRoles() {
  return useQuery({
    queryKey: ["operators", "roles"],
    queryFn: ({ signal }) => answer(api.GET("/v1/roles", { signal })),
    select: (page) => page.items,
    staleTime: 60_000,
  });
}

/** Every right there is. */
export function usePermissions() {
  return useQuery({
    queryKey: ["operators", "permissions"],
    queryFn: ({ signal }) => answer(api.GET("/v1/permissions", { signal })),
    select: (page) => page.items,
    staleTime: 10 * 60_000,
  });
}

/** What something with a name in both languages is called in the one that is shown. */
export function named(one: { name_en: string; name_zh: string } | undefined): string {
  return one === undefined ? "" : currentLanguage() === "en" ? one.name_en : one.name_zh;
}
