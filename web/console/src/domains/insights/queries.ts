import { type Answer, answer, api } from "@regulars/shared/api/client";
import type { paths } from "@regulars/shared/api/schema";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

/** The filters every question takes; what is left out is not narrowed. */
export type Asked = {
  from?: string;
  to?: string;
  store?: string[];
  channel?: string[];
  tier?: string[];
  arm?: "held_out" | "rest";
};
type Route = Extract<keyof paths, `/v1/insights/${string}`>;
/** What a question answers as JSON; as a file it would be text. */
type Numbers<Path extends Route> = Exclude<Answer<Path, "get">, string>;

export type By = "month" | "tier" | "store" | "channel" | "product";
export type Compare = "previous" | "year";

export type Overview = Numbers<"/v1/insights/overview">;
export type Repurchase = Numbers<"/v1/insights/repurchase">;
export type Intervals = Numbers<"/v1/insights/intervals">;
export type Conversion = Numbers<"/v1/insights/conversion">;
export type Cohorts = Numbers<"/v1/insights/cohorts">;
export type Revenue = Numbers<"/v1/insights/revenue">;
export type Points = Numbers<"/v1/insights/points">;
export type Tiers = Numbers<"/v1/insights/tiers">;
export type About = Overview["about"];
export type FigureRow = Overview["figures"][number];
export type ArmsRow = Overview["arms"][number];
export type GroupRow = Repurchase["groups"][number];

async function numbers<Data>(call: Parameters<typeof answer<Data>>[0]) {
  return (await answer(call)) as Exclude<Data, string | undefined>;
}

/** Old numbers stay, greyed, while new ones come. */
const ALWAYS = { placeholderData: keepPreviousData, staleTime: 60_000 } as const;

export function useOverview(asked: Asked & { compare?: Compare }, { enabled = true } = {}) {
  return useQuery({
    ...ALWAYS,
    enabled,
    queryKey: ["insights", "overview", asked],
    queryFn: ({ signal }) => numbers(api.GET("/v1/insights/overview", { params: { query: asked }, signal })),
  });
}

export function useRepurchase(asked: Asked & { by?: By; top?: number }) {
  return useQuery({
    ...ALWAYS,
    queryKey: ["insights", "repurchase", asked],
    queryFn: ({ signal }) => numbers(api.GET("/v1/insights/repurchase", { params: { query: asked }, signal })),
  });
}

export function useIntervals(asked: Asked) {
  return useQuery({
    ...ALWAYS,
    queryKey: ["insights", "intervals", asked],
    queryFn: ({ signal }) => numbers(api.GET("/v1/insights/intervals", { params: { query: asked }, signal })),
  });
}

export function useConversion(asked: Asked) {
  return useQuery({
    ...ALWAYS,
    queryKey: ["insights", "conversion", asked],
    queryFn: ({ signal }) => numbers(api.GET("/v1/insights/conversion", { params: { query: asked }, signal })),
  });
}

export function useCohorts(asked: Asked) {
  return useQuery({
    ...ALWAYS,
    queryKey: ["insights", "cohorts", asked],
    queryFn: ({ signal }) => numbers(api.GET("/v1/insights/cohorts", { params: { query: asked }, signal })),
  });
}

export function useRevenue() {
  return useQuery({
    ...ALWAYS,
    queryKey: ["insights", "revenue"],
    queryFn: ({ signal }) => numbers(api.GET("/v1/insights/revenue", { signal })),
  });
}

export function usePoints() {
  return useQuery({
    ...ALWAYS,
    queryKey: ["insights", "points"],
    queryFn: ({ signal }) => numbers(api.GET("/v1/insights/points", { signal })),
  });
}

export function useTiers() {
  return useQuery({
    ...ALWAYS,
    queryKey: ["insights", "tiers"],
    queryFn: ({ signal }) => numbers(api.GET("/v1/insights/tiers", { signal })),
  });
}
