import { describe, expect, it } from "vitest";
import { amountOf, changeOf, shortMoney } from "./amounts";

describe("amounts", () => {
  it("are money where the unit is money, else counts", () => {
    expect(amountOf(12_345, null)).toBe("12,345");
    expect(amountOf(12_345, "GBP")).toBe("£123.45");
  });

  it("say as changes which way they went", () => {
    expect(changeOf(500, null)).toBe("+500");
    expect(changeOf(500, "GBP")).toBe("+£5.00");
    expect(changeOf(-500, "GBP")).toBe("-£5.00");
  });

  it("leave out cents that are none, where they stand large", () => {
    expect(shortMoney(500, "GBP")).toBe("£5");
    expect(shortMoney(550, "GBP")).toBe("£5.50");
    expect(shortMoney(100_000, "JPY")).toBe("¥100,000");
  });
});
