import { useAttempt as useWish } from "@regulars/shared/api/attempt";
import { fromThrown } from "@regulars/shared/api/problem";

/**
 * The `Idempotency-Key` of what a member wishes. A refusal settles it as success does: the server remembers it, and the same wish may be
 * met tomorrow. Only what may have got lost on its way is sent again under the same key.
 */
export function useAttempt() {
  const { keyFor, done } = useWish();
  return {
    keyFor,
    settled: (thrown?: unknown): void => {
      if (!(thrown && fromThrown(thrown).passes)) {
        done();
      }
    },
  };
}
