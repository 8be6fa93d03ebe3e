import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { type Answer, answer, api, setCsrf } from "../api/client";
import { Problem } from "../api/problem";

export type Session = Answer<"/v1/session", "get">;

const KEY = ["session"] as const;
const SessionContext = createContext<Session | null>(null);

/** Who is signed in: a session, `null` for nobody, or undefined while that is not known yet. */
export function useSessionQuery() {
  return useQuery({ queryKey: KEY, queryFn: ask, staleTime: 5 * 60_000, retry: 1 });
}

async function ask(): Promise<Session | null> {
  try {
    const session = await answer(api.GET("/v1/session"));
    setCsrf(session.csrf_token);
    return session;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.status === 401) {
      setCsrf(null);
      return null;
    }
    throw thrown;
  }
}

/** Makes the signed-in person known to everything inside. */
export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** The signed-in person. Only below the frame, which shows the sign-in page to everybody else. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) {
    throw new Error("useSession is called outside of SessionProvider");
  }
  return session;
}

/** Whether the signed-in person holds a permission: `may("points.adjust")`. */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useSession();
  return useMemo(() => {
    const held = new Set(permissions);
    return (permission) => held.has("*") || held.has(permission);
  }, [permissions]);
}

/** Sets the session after signing in or out; everything else that was read belongs to whoever was there before and is dropped. */
export function useReplaceSession(): (session: Session | null) => void {
  const client = useQueryClient();
  return (session) => {
    setCsrf(session?.csrf_token ?? null);
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
    client.setQueryData(KEY, session);
  };
}
