import { useAttempt } from "@regulars/shared/api/attempt";
import { useMutation, useQueryClient } from "@tanstack/react-query";

const KEPT = new Set<unknown>(["typed", "walk", "stores"]);

/** Does something to a member under a key, so that it is done once however often it is sent; then everything shown of members is read anew. */
export function useAct<Wish, Done>(send: (wish: Wish, key: string) => Promise<Done>, onDone: (done: Done) => void) {
  const client = useQueryClient();
  const attempt = useAttempt();
  return useMutation({
    mutationFn: (wish: Wish) => send(wish, attempt.keyFor(wish)),
    onSuccess: (done) => {
      attempt.done();
      onDone(done);
      return Promise.all([
        client.invalidateQueries({ queryKey: ["members"], predicate: ({ queryKey }) => !KEPT.has(queryKey[1]) }),
        client.invalidateQueries({ queryKey: ["goods"] }),
        client.invalidateQueries({ queryKey: ["ledger"] }),
      ]);
    },
  });
}
