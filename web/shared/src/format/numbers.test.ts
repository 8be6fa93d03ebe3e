import { describe, expect, it } from "vitest";
import { changeOf, moved } from "./numbers";

describe("a journal entry's change", () => {
  it.each([
    ["grant", 120, "+120"],
    ["restore", 30, "+30"],
    ["spend", -120, "-120"],
    ["expire", -1244, "-1,244"],
    ["reverse", -69, "-69"],
    ["deduct", -200, "-200"],
    ["hold", -5, "-5"],
    ["confirm", 0, "5"],
    ["owe", 0, "7"],
  ])("%s", (kind, change, shown) => {
    const amount = Math.abs(change) || Number(shown);
    expect(changeOf({ kind, amount })).toBe(change);
    expect(moved({ kind, amount })).toBe(shown);
  });
});
