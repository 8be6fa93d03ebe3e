import { fromThrown } from "@regulars/shared/api/problem";
import { useRef } from "react";

const BYTES = 16;

/**
 * The name of one attempt, for `Idempotency-Key`: the same while nobody knows whether it worked, so that a retry is answered and not done
 * twice; another one as soon as something else is wanted, or after it was done or refused.
 */
export function useAttempt() {
  const kept = useRef<{ wish: string; key: string } | null>(null);
  return {
    keyFor: (wish: unknown): string => {
      const text = JSON.stringify(wish);
      if (kept.current?.wish !== text) {
        kept.current = { wish: text, key: fresh() };
      }
      return kept.current.key;
    },
    settled: (thrown?: unknown): void => {
      if (!(thrown && fromThrown(thrown).passes)) {
        kept.current = null;
      }
    },
  };
}

// Not crypto.randomUUID: it is missing where a shop serves its pages without TLS in its own network.
function fresh(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
