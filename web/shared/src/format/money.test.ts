import { describe, expect, it } from "vitest";
import { decimal, money, parseMoney } from "./money";

describe("money", () => {
  it("shows minor units with their currency", () => {
    expect(money(1250, "GBP")).toBe("£12.50");
    expect(money(-5, "GBP")).toBe("-£0.05");
    expect(money(1250, "JPY")).toBe("¥1,250");
  });

  it("stays exact where a float would not", () => {
    expect(money(900_719_925_474_099, "GBP")).toBe("£9,007,199,254,740.99");
    expect(decimal(-7, "GBP")).toBe("-0.07");
    expect(decimal(12_345, "KWD")).toBe("12.345");
  });

  it("shows a dash for what is not known, and 0 for nothing", () => {
    expect(money(null, "GBP")).toBe("—");
    expect(money(0, "GBP")).toBe("£0.00");
  });

  it.each([
    ["12.5", "GBP", 1250],
    ["1,234.56", "GBP", 123_456],
    ["１２".normalize("NFKC"), "GBP", 1200],
    ["12。5", "CNY", 1250],
    ["-3", "GBP", -300],
    ["1250", "JPY", 1250],
  ])("reads %s %s as %d", (typed, currency, minor) => {
    expect(parseMoney(typed, currency)).toBe(minor);
  });

  it.each([
    ["12.345", "GBP"],
    ["12.5", "JPY"],
    ["", "GBP"],
    ["12 pounds", "GBP"],
    ["99999999999999", "GBP"],
  ])("refuses %s %s instead of guessing", (typed, currency) => {
    expect(parseMoney(typed, currency)).toBeNull();
  });
});
