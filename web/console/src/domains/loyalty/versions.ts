import { type Answer, answer, api, type Row } from "@regulars/shared/api/client";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

export type Version = Row<"/v1/programme/versions", "get">;
export type Change = Row<"/v1/programme/compare", "post">;
export type Item = Row<"/v1/programme/outline", "get">;
export type Fresh = Answer<"/v1/programme/versions", "post">;

/** Where a version stands now: `scheduled` is published for later, `past` was in force before. */
export type Standing = "draft" | "discarded" | "scheduled" | "inForce" | "past";

/** Every version, newest first. */
export function useVersions() {
  return useQuery({
    queryKey: ["programme", "versions"],
    queryFn: ({ signal }) => answer(api.GET("/v1/programme/versions", { signal })),
    select: (page) => page.items,
  });
}

/** Where each version stands at `now`, by its number. */
export function standings(versions: readonly Version[], now = Date.now()): Map<number, Standing> {
  const began = (version: Version) =>
    version.effective_from === null ? Number.NaN : Date.parse(version.effective_from);
  const published = versions.filter((version) => version.state === "published");
  const inForce = published
    .filter((version) => began(version) <= now)
    .sort((one, other) => began(other) - began(one) || other.version - one.version)[0];
  return new Map(
    versions.map((version) => {
      if (version.state !== "published") {
        return [version.version, version.state === "draft" ? "draft" : "discarded"];
      }
      return [version.version, version === inForce ? "inForce" : began(version) > now ? "scheduled" : "past"];
    }),
  );
}

/** The versions with where they stand, and the one in force. */
export function useStandings(versions: readonly Version[] | undefined) {
  return useMemo(() => {
    const map = standings(versions ?? []);
    const inForce = versions?.find((version) => map.get(version.version) === "inForce");
    return { of: (version: number) => map.get(version) ?? "discarded", inForce };
  }, [versions]);
}
