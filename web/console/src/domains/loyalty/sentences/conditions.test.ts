import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { shown, understood } from "./amounts";
import type { Attribute } from "./attributes";
import { converted, cut, readable } from "./conditions";
import { unsaid, worthOf } from "./coupons";
import { besides, effectOf, mayBeMisnamed } from "./rules";

const TIER: Attribute = { name: "member.tier", kind: "choice", choices: [{ value: "gold", label: "Gold" }] };
const TOTAL: Attribute = { name: "order.total", kind: "money" };
const AT = ["when", "rules", 0];

describe("converted", () => {
  it("keeps the value where only the operator is another", () => {
    const rule = { field: "member.tier", operator: "=", value: "gold" };
    expect(converted(AT, rule, { attribute: TIER, operator: "in" }, true)).toEqual([
      { at: [...AT, "operator"], value: "in" },
      { at: [...AT, "value"], value: ["gold"] },
    ]);
    expect(converted(AT, rule, { attribute: TIER, operator: "null" }, true)).toEqual([
      { at: [...AT, "operator"], value: "null" },
      { at: [...AT, "value"], value: undefined },
    ]);
  });
  it("begins anew with another attribute", () => {
    const rule = { field: "member.tier", operator: "=", value: "gold" };
    expect(converted(AT, rule, { attribute: TOTAL, operator: "between" }, false)).toEqual([
      { at: [...AT, "field"], value: "order.total" },
      { at: [...AT, "operator"], value: "between" },
      { at: [...AT, "value"], value: [1, 1] },
    ]);
  });
});

describe("cut", () => {
  const leaf = { field: "a", operator: "=", value: 1 };
  it("takes the rule, or whatever would be left empty", () => {
    expect(cut({ rules: [leaf, leaf] }, ["rules", 1])).toEqual(["rules", 1]);
    expect(cut({ rules: [leaf, { rules: [leaf] }] }, ["rules", 1, "rules", 0])).toEqual(["rules", 1]);
    expect(cut({ rules: [{ rules: [leaf] }] }, ["rules", 0, "rules", 0])).toEqual([]);
  });
});

it("a comparison is readable when its attribute and operator are known", () => {
  expect(readable({ field: "order.total", operator: ">=", value: 1 }, [TOTAL])).toBe(true);
  expect(readable({ field: "order.total", operator: "contains", value: "1" }, [TOTAL])).toBe(false);
  expect(readable({ field: "order.paid", operator: "=", match: {} }, [TOTAL])).toBe(false);
});

describe("amounts", () => {
  it.each([
    [1_234_567, "count", "1,234,567"],
    [1250, "money", "12.50"],
    [15_000, "factor", "1.5"],
    [1_250, "percent", "12.5"],
    [8_500, "off", "15"],
    [8_500, "tenths", "8.5"],
  ] as const)("%d as %s is %s, there and back", (value, scale, text) => {
    expect(shown(value, scale, "GBP")).toBe(text);
    expect(understood(text, scale, "GBP")).toBe(value);
  });
  it("keeps what it cannot read", () => {
    expect(understood("ten", "count", "GBP")).toBe("ten");
    expect(understood("1.234", "money", "GBP")).toBe("1.234");
    expect(understood("1.23456", "factor", "GBP")).toBe("1.23456");
    expect(understood(" ", "count", "GBP")).toBeNull();
    expect(shown("ten", "count", "GBP")).toBe("ten");
  });
});

describe("rules", () => {
  it("have a sentence with exactly one effect that is known", () => {
    expect(effectOf({ id: "a", fixed: null })).toBe("fixed");
    expect(effectOf({ id: "a", fixed: 1, multiply: {} })).toBeNull();
    expect(effectOf({ id: "a", per_amount: 3 })).toBeNull();
    expect(effectOf({ id: "a", fixed: 1, some_day: 1 })).toBeNull();
  });
  it("stand beside those of their lane", () => {
    const rules = [{ multiply: {} }, { multiply: { lane: "main" } }, { multiply: { lane: "tier" } }, { fixed: 1 }];
    expect(besides(rules, 0)).toEqual([rules[1]]);
    expect(besides(rules, 3)).toEqual([]);
  });
  it("may be misnamed when their number changed and their name did not", () => {
    const rule = { label: { en: "5 points", zh: "5" }, fixed: 5 };
    expect(mayBeMisnamed({ ...rule, fixed: 6 }, rule)).toBe(true);
    expect(mayBeMisnamed({ ...rule, fixed: 6, label: { en: "6 points", zh: "6" } }, rule)).toBe(false);
    expect(mayBeMisnamed(rule, rule)).toBe(false);
  });
});

describe("coupons", () => {
  it("say what the sentence leaves out", () => {
    const coupon = {
      id: "a",
      cash: { face: 1 },
      stores: ["x"],
      budget: { total: 1, per_store: 2 },
      validity: { days: 1 },
    };
    expect(worthOf(coupon)).toBe("cash");
    expect(unsaid(coupon)).toEqual({ stores: ["x"], budget: { per_store: 2 } });
  });
});

it("every sentence has the same places in both languages", () => {
  expect(places(texts("zh-CN"))).toEqual(places(texts("en")));
});

function texts(language: string): object {
  const file = resolve(import.meta.dirname, `../../../locales/${language}/sentences.json`);
  return JSON.parse(readFileSync(file, "utf-8")) as object;
}

function places(part: object, above = ""): [string, string[]][] {
  return Object.entries(part).flatMap(([key, text]): [string, string[]][] => {
    const name = `${above}.${key}`;
    return typeof text === "string" ? [[name, text.match(/<\w+\/>/g)?.sort() ?? []]] : places(text, name);
  });
}
