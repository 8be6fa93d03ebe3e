import { describe, expect, it } from "vitest";
import { addressOf } from "./bucket";

describe("the address of the members behind a number", () => {
  it("holds the server's own query, encoded once", () => {
    const address = addressOf({
      of: "repurchase",
      days: 30,
      outcome: "yes",
      store: ["sh 1", "sh&2"],
      arm: null,
      key: "",
    });
    const bucket = new URLSearchParams(address.split("?")[1]).get("bucket");
    expect(address.startsWith("/members?bucket=of%3Drepurchase")).toBe(true);
    expect([...new URLSearchParams(bucket ?? "")]).toEqual([
      ["of", "repurchase"],
      ["days", "30"],
      ["outcome", "yes"],
      ["store", "sh 1"],
      ["store", "sh&2"],
    ]);
  });
});
