import { type Answer, answer, api, type Body } from "@regulars/shared/api/client";
import type { JobState } from "@regulars/shared/desk/states/JobProgress";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

export type Preview = Answer<"/v1/programme/reassessment-previews/{preview}", "get">;
export type Found = NonNullable<Preview["result"]>;
export type FoundLadder = Found["ladders"][number];
export type Cell = FoundLadder["cells"][number];
export type Reassessment = Answer<"/v1/programme/reassessments/{reassessment}", "get">;
export type Wish = Body<"/v1/programme/reassessment-previews", "post">;

/** Why what a preview says holds no longer: the table was edited, or members were re-assessed since. */
export type Stale = "edited" | "reassessed" | null;

type State = Preview["state"];

const EVERY_MS = 700;

export const SHOWN_AS: Record<State, JobState> = {
  queued: "queued",
  running: "running",
  stopping: "running",
  done: "done",
  failed: "failed",
  cancelled: "cancelled",
};

/** Whether it goes on by itself: what is shown of it has to be asked for again. */
export function isLive(one: { state: State }): boolean {
  return one.state === "queued" || one.state === "running" || one.state === "stopping";
}

/** One preview, asked for again while it runs. */
export function usePreview(id: string) {
  return useQuery({
    queryKey: ["programme", "reassessment-preview", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/programme/reassessment-previews/{preview}", { params: { path: { preview: id } }, signal })),
    refetchInterval: (asked) => (asked.state.data && isLive(asked.state.data) ? EVERY_MS : false),
    enabled: id !== "",
  });
}

/** Asks who would move; hears of the preview that was begun. */
export function useAsk(onStarted: (one: Preview) => void) {
  return useMutation({
    mutationFn: (wish: Wish) => answer(api.POST("/v1/programme/reassessment-previews", { body: wish })),
    onSuccess: onStarted,
  });
}

/** Stops a preview. */
export function useCancelPreview(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answer(api.POST("/v1/programme/reassessment-previews/{preview}/cancel", { params: { path: { preview: id } } })),
    onSuccess: (one) => client.setQueryData(["programme", "reassessment-preview", id], one),
  });
}

const RUNS = ["programme", "reassessments"] as const;

/** The latest re-assessments, newest first; asked for again while one runs. */
export function useReassessments() {
  return useQuery({
    queryKey: RUNS,
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/programme/reassessments", { params: { query: { limit: 5 } }, signal })),
    select: (page) => page.items,
    refetchInterval: (asked) => (asked.state.data?.items.some(isLive) ? EVERY_MS : false),
  });
}

/** Begins a re-assessment of everybody. */
export function useReassess(onStarted: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Body<"/v1/programme/reassessments", "post">) =>
      answer(api.POST("/v1/programme/reassessments", { body })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: RUNS });
      onStarted();
    },
  });
}

/** Stops a re-assessment, or goes on with it. */
export function useStopOrGoOn(id: string) {
  const client = useQueryClient();
  const params = { path: { reassessment: id } };
  return useMutation({
    mutationFn: (verb: "cancel" | "resume") =>
      answer(
        verb === "cancel"
          ? api.POST("/v1/programme/reassessments/{reassessment}/cancel", { params })
          : api.POST("/v1/programme/reassessments/{reassessment}/resume", { params }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: RUNS }),
  });
}
