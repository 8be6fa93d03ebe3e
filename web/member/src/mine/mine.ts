import { type Answer, answer, api } from "@regulars/shared/api/client";
import { setZone } from "@regulars/shared/format/dates";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

export type Me = Answer<"/m/v1/me", "get">;

// Another website cannot make a browser send this header: the server asks for it with every change.
api.use({
  onRequest({ request }) {
    request.headers.set("x-member-app", "1");
    return request;
  },
});

/** Something of the signed-in member. Texts come translated from the server, so each language is read for itself. */
export function useMine<Data>(name: string, read: (signal: AbortSignal) => Promise<Data>) {
  const { i18n } = useTranslation();
  return useQuery({ queryKey: ["me", i18n.language, name], queryFn: ({ signal }) => read(signal) });
}

/** The card: who is signed in. Every screen asks for it, one request serves them all. */
export function useMe() {
  return useMine("card", async (signal) => {
    const me = await answer(api.GET("/m/v1/me", { signal }));
    setZone(me.time_zone);
    return me;
  });
}

/** What a member calls its points: the unit that is neither the ladder's nor money, where there are several. */
export function mainBalance(me: Me): Me["balances"][number] | undefined {
  const points = me.balances.filter((balance) => balance.currency === null);
  return points.find((balance) => balance.unit !== me.progress.unit) ?? points[0] ?? me.balances[0];
}
