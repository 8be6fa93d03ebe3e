const KEY = "regulars.code";

/** What the device needs to make member codes by itself; see `docs/howto/members-sign-in.md`. */
export type Secret = {
  number: string;
  /** Hexadecimal. */
  secret: string;
  /** Milliseconds since 1970, by the server's clock. */
  until: number;
  /** By how many milliseconds the server's clock is ahead of the device's. */
  ahead: number;
};

/** The secret stays on this device until it is forgotten, also when the page is closed. */
export function keepSecret(secret: Secret): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(secret));
  } catch {
    // A private window may refuse: the code then needs the connection.
  }
}

/** The secret kept here, if its codes are still taken. */
export function keptSecret(now = Date.now()): Secret | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Secret | null;
    return kept && now + kept.ahead < kept.until ? kept : null;
  } catch {
    return null;
  }
}

/** Nothing on this device makes member codes any more. */
export function forgetSecret(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing could be kept either.
  }
}
