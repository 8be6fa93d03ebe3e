import { type Answer, answer, api } from "@regulars/shared/api/client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { keepSecret, keptSecret, type Secret } from "../../mine/secret";
import { digitsAt, leftOfStep, makesCodes } from "./totp";

type CardCode = Answer<"/m/v1/me/card-code", "get">;

/** What is shown at the counter: the text of the QR code, the digits, and until when (ms since 1970, this device's clock). */
export type Shown = { qr: string; digits: string; until: number; own: boolean };

const VALID_MS = 60_000;
const BEFORE_MS = 5_000;

/** The server's code while it can be asked, which knows what was used already; without it, codes made here from the kept secret. */
export function useCode() {
  const query = useQuery({
    queryKey: ["me", "code"],
    queryFn: ({ signal }) => ask(signal),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchInterval: VALID_MS - BEFORE_MS,
    refetchIntervalInBackground: false,
  });
  const now = useTicks();
  const fresh = query.data && query.data.until > now ? query.data : null;
  const own = useOwnCode(fresh === null && !query.isPending, now);
  return { shown: fresh ?? own, query, now };
}

async function ask(signal: AbortSignal): Promise<Shown> {
  const began = Date.now();
  const code = await answer(api.GET("/m/v1/me/card-code", { signal }));
  keepSecret(secretOf(code, began));
  return { qr: code.qr, digits: code.digits, until: began + VALID_MS, own: false };
}

function secretOf(code: CardCode, began: number): Secret {
  const { number, secret, until } = code.offline;
  return { number, secret, until: Date.parse(until), ahead: Date.parse(code.expires_at) - VALID_MS - began };
}

function useOwnCode(needed: boolean, now: number): Shown | null {
  const [shown, setShown] = useState<Shown | null>(null);
  const valid = shown !== null && shown.until > now;
  useEffect(() => {
    const kept = needed && !valid && makesCodes() ? keptSecret() : null;
    if (!kept) {
      return;
    }
    let gone = false;
    const until = Date.now() + leftOfStep(kept);
    void digitsAt(kept).then((digits) => !gone && setShown({ qr: digits, digits, until, own: true }));
    return () => {
      gone = true;
    };
  }, [needed, valid]);
  return needed && valid ? shown : null;
}

function useTicks(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return now;
}
