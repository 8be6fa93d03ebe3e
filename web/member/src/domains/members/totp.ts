import type { Secret } from "../../mine/secret";

export const STEP_MS = 30_000;
const CODE_DIGITS = 8;

/** Whether this browser can make codes: WebCrypto is there on https and on localhost only. */
export function makesCodes(): boolean {
  return typeof crypto !== "undefined" && crypto.subtle !== undefined;
}

/** The eighteen digits of the moment, as the server makes them: number, RFC 6238 with HMAC-SHA-256, Luhn digit. */
export async function digitsAt(kept: Secret, now = Date.now()): Promise<string> {
  const step = Math.floor((now + kept.ahead) / STEP_MS);
  const code = await totp(bytes(kept.secret), step);
  return kept.number + code + luhn(kept.number + code);
}

/** Milliseconds until the digits change. */
export function leftOfStep(kept: Secret, now = Date.now()): number {
  return STEP_MS - ((now + kept.ahead) % STEP_MS);
}

/** The eight digits of a time step (RFC 4226, section 5.3, over HMAC-SHA-256). */
export async function totp(secret: Uint8Array<ArrayBuffer>, step: number): Promise<string> {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter.buffer));
  const start = mac.getUint8(mac.byteLength - 1) & 15;
  const number = mac.getUint32(start) & 0x7fff_ffff;
  return String(number % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, "0");
}

/** The Luhn digit (ISO/IEC 7812-1) of some digits. */
export function luhn(digits: string): string {
  const total = [...digits].reverse().reduce((sum, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
  return String((10 - (total % 10)) % 10);
}

function bytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
