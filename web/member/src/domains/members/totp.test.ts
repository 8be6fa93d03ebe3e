import { describe, expect, it } from "vitest";
import { digitsAt, leftOfStep, luhn, totp } from "./totp";

const SECRET = new TextEncoder().encode("12345678901234567890123456789012") as Uint8Array<ArrayBuffer>;

describe("the member code", () => {
  it.each([
    [59, "46119246"],
    [1111111109, "68084774"],
    [20000000000, "77737706"],
  ])("is that of RFC 6238, appendix B, at %i s", async (seconds, code) => {
    expect(await totp(SECRET, Math.floor(seconds / 30))).toBe(code);
  });

  it("ends in the Luhn digit of the seventeen before it, by the server's clock", async () => {
    const secret = [...SECRET].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const kept = { number: "402113579", secret, until: 0, ahead: 29_000 };
    expect(await digitsAt(kept, 30_000)).toBe(`40211357946119246${luhn("40211357946119246")}`);
    expect(leftOfStep(kept, 30_000)).toBe(1_000);
    expect(luhn("7992739871")).toBe("3");
  });
});
