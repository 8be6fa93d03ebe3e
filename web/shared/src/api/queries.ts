import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

const TRIES = 2;

/** The cache of server state. Only what may pass by itself (offline, 503) is tried again; a refusal is shown at once. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const noticing = (error: unknown) => {
    if (error instanceof Problem && error.status === 401) {
      onSignedOut();
    }
  };
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => error instanceof Problem && error.passes && failures < TRIES,
        retryDelay: (tries) => 400 * 2 ** tries,
        refetchOnWindowFocus: true,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
  client.getQueryCache().config.onError = noticing;
  client.getMutationCache().config.onError = noticing;
  return client;
}
