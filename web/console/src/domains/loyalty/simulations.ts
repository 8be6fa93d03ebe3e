import { type Answer, answer, api, type Body, type Row } from "@regulars/shared/api/client";
import type { JobState } from "@regulars/shared/desk/states/JobProgress";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

export type Simulation = Answer<"/v1/programme/simulations/{simulation}", "get">;
export type Listed = Row<"/v1/programme/simulations", "get">;
export type Result = NonNullable<Simulation["result"]>;
export type Wish = Body<"/v1/programme/simulations", "post">;
export type Checkup = Answer<"/v1/programme/checkup", "post">;
export type Finding = Checkup["findings"][number];
export type Measured = Finding["measured"][number];

const EVERY_MS = 700;

export const SHOWN_AS: Record<Simulation["state"], JobState> = {
  queued: "queued",
  running: "running",
  stopping: "running",
  done: "done",
  failed: "failed",
  cancelled: "cancelled",
};

/** Whether it goes on by itself: what is shown of it has to be asked for again. */
export function isLive(one: { state: Simulation["state"] }): boolean {
  return one.state === "queued" || one.state === "running" || one.state === "stopping";
}

/** One simulation, asked for again while it runs. */
export function useSimulation(id: string) {
  return useQuery({
    queryKey: ["programme", "simulation", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/programme/simulations/{simulation}", { params: { path: { simulation: id } }, signal })),
    refetchInterval: (asked) => (asked.state.data && isLive(asked.state.data) ? EVERY_MS : false),
    enabled: id !== "",
  });
}

/** The latest simulations, newest first. */
export function useSimulations() {
  return useQuery({
    queryKey: ["programme", "simulations"],
    queryFn: ({ signal }) => answer(api.GET("/v1/programme/simulations", { params: { query: { limit: 10 } }, signal })),
    select: (page) => page.items,
  });
}

/** Asks for a simulation; hears of the one that was begun. */
export function useStart(onStarted: (one: Simulation) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: Wish) => answer(api.POST("/v1/programme/simulations", { body: wish })),
    onSuccess: (one) => {
      void client.invalidateQueries({ queryKey: ["programme", "simulations"] });
      onStarted(one);
    },
  });
}

/** Stops it. */
export function useCancel(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answer(api.POST("/v1/programme/simulations/{simulation}/cancel", { params: { path: { simulation: id } } })),
    onSuccess: (one) => client.setQueryData(["programme", "simulation", id], one),
  });
}

/** The check-up of a version, or of the document that is not kept yet. */
export function useCheckup(version: number | null, document: string | null) {
  return useQuery({
    queryKey: ["programme", "checkup", version, document],
    queryFn: ({ signal }) =>
      document === null
        ? answer(
            api.GET("/v1/programme/versions/{version}/checkup", {
              params: { path: { version: version ?? 0 } },
              signal,
            }),
          )
        : answer(api.POST("/v1/programme/checkup", { body: { document }, signal })),
    enabled: document !== null || version !== null,
  });
}
