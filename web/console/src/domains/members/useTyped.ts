import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

const KEY = ["members", "typed"] as const;

/**
 * What was typed into the search box of the list: a phone number, a name. In memory only, so that neither an address nor the browser's
 * history nor a log keeps it; it is still there when somebody comes back from a member, and gone with the session.
 */
export function useTyped(): [string, (text: string) => void] {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: () => client.getQueryData<string>(KEY) ?? "",
    initialData: "",
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const set = useCallback((text: string) => void client.setQueryData(KEY, text), [client]);
  return [data, set];
}
