import { type Answer, answer, api, type Body } from "@regulars/shared/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";

type Wish = Body<"/v1/members/{member}/adjustments", "post">;
type Done = Answer<"/v1/members/{member}/adjustments", "post">;
/** What became of it: done at once, or a second person is asked. */
export type Outcome = { wish: Wish; approval: string | null };

/** Gives or takes units by hand. The same wish sent twice, say after a broken connection, is done once. */
export function useAdjusting(member: string, onDone: (outcome: Outcome) => void) {
  const client = useQueryClient();
  const attempt = useRef({ wish: "", key: "" });
  return useMutation({
    mutationFn: async (wish: Wish): Promise<Outcome> => {
      const text = JSON.stringify(wish);
      if (attempt.current.wish !== text) {
        attempt.current = { wish: text, key: newKey() };
      }
      const done = await answer(
        api.POST("/v1/members/{member}/adjustments", {
          params: { path: { member }, header: { "Idempotency-Key": attempt.current.key } },
          body: wish,
        }),
      );
      return { wish, approval: approvalOf(done) };
    },
    onSuccess: (outcome) => {
      // Done: the same wish once more is meant once more.
      attempt.current = { wish: "", key: "" };
      onDone(outcome);
      return client.invalidateQueries({ queryKey: ["members"], predicate: ({ queryKey }) => !KEPT.has(queryKey[1]) });
    },
  });
}

const KEPT = new Set<unknown>(["typed", "walk", "stores"]);

function approvalOf(done: Done): string | null {
  return "approval" in done ? done.approval : null;
}

// Not randomUUID: browsers have that only where the console is served encrypted, and many a shop serves it in its own network.
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
