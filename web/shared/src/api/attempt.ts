import { useRef } from "react";

/**
 * The `Idempotency-Key` of a wish: the same as long as the same is wished, so that what is sent twice, say after a broken connection, is
 * done once. Once it is `done`, the same wish is meant once more.
 */
export function useAttempt() {
  const last = useRef({ wish: "", key: "" });
  return useRef({
    keyFor: (wish: unknown): string => {
      const text = JSON.stringify(wish);
      if (last.current.wish !== text) {
        last.current = { wish: text, key: newKey() };
      }
      return last.current.key;
    },
    done: () => {
      last.current = { wish: "", key: "" };
    },
  }).current;
}

// Not randomUUID: browsers have that only where the console is served encrypted, and many a shop serves it in its own network.
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
