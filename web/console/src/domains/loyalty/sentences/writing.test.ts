import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { inline } from "./inline";
import { added, edited, moved, removed } from "./writing";

const TEXT = `# the shop
currency:   GBP   # pence
earning:
# what everybody earns
- id: base   # never lost
  unit: points
  per_amount: {every: 100,  give: 1}   # a pound

- id: weekend
  label: {en: "Weekend: 10", zh: z}
  unit: points
  when:
    combinator: and
    # Saturday and Sunday
    rules:
      - {field: time.weekday, operator: ">=", value: 6}
  fixed: 10
# the budget is looked at in June
- {id: share, unit: points,
   fixed: 5}
ladder:   {unit: growth}
`;
const BASE = ["earning", 0] as const;
const WEEKEND = ["earning", 1] as const;

describe("edited", () => {
  it("puts a value in the place of another and touches nothing else", () => {
    expect(edited(TEXT, BASE, [{ at: [...BASE, "per_amount", "every"], value: 250 }])).toBe(
      TEXT.replace("every: 100", "every: 250"),
    );
    const changes = [
      { at: [...WEEKEND, "when", "rules", 0, "operator"], value: "=" },
      { at: [...WEEKEND, "label", "en"], value: "Weekend" },
      { at: [...WEEKEND, "fixed"], value: 25 },
    ];
    expect(edited(TEXT, WEEKEND, changes)).toBe(
      TEXT.replace('">="', '"="').replace('"Weekend: 10"', "Weekend").replace("fixed: 10", "fixed: 25"),
    );
  });
  it("adds a part to an item and leaves all others to the letter", () => {
    expect(edited(TEXT, WEEKEND, [{ at: [...WEEKEND, "cap"], value: { per: "day", amount: 20 } }])).toBe(
      TEXT.replace("  fixed: 10\n", "  fixed: 10\n  cap: {per: day, amount: 20}\n"),
    );
  });
  it("takes a part away with what belongs to it", () => {
    const less = edited(TEXT, WEEKEND, [{ at: [...WEEKEND, "when"], value: undefined }]);
    expect(less).toBe(TEXT.replace(/ {2}when:[\s\S]*value: 6}\n/, ""));
  });
  it("adds a condition below the others", () => {
    const rule = { field: "time.hour", operator: "<", value: 12 };
    expect(edited(TEXT, WEEKEND, [{ at: [...WEEKEND, "when", "rules", 1], value: rule }])).toBe(
      TEXT.replace("value: 6}\n", 'value: 6}\n      - {field: time.hour, operator: "<", value: 12}\n'),
    );
  });
  it("keeps an indent that is not the library's own", () => {
    const far =
      "earning:\n    - id: a # first\n      fixed: 1\n      when:\n          rules: []\n    - id: b\n      fixed: 2\n";
    const cap = { per: "day", amount: 3 };
    expect(edited(far, ["earning", 1], [{ at: ["earning", 1, "cap"], value: cap }])).toBe(
      `${far}      cap: {per: day, amount: 3}\n`,
    );
    expect(edited(far, ["earning", 0], [{ at: ["earning", 0, "cap"], value: cap }])).toContain(
      "    - id: a # first\n      fixed: 1\n",
    );
  });
  it("writes where nothing stood", () => {
    const empty = TEXT.replace("fixed: 10", "fixed:");
    expect(edited(empty, WEEKEND, [{ at: [...WEEKEND, "fixed"], value: 10 }])).toBe(TEXT);
  });
  it("changes an item on several lines", () => {
    const next = edited(TEXT, ["earning", 2], [{ at: ["earning", 2, "budget"], value: 900 }]);
    expect(next).toBe(
      TEXT.replace(/- {id: share[\s\S]*fixed: 5}/, "- {id: share, unit: points, fixed: 5, budget: 900}"),
    );
  });
});

describe("a list", () => {
  it("loses an item with its comment", () => {
    expect(removed(TEXT, "earning", 0)).toBe(TEXT.replace(/# what everybody[\s\S]*a pound\n\n/, ""));
    expect(removed(TEXT, "earning", 2)).toBe(TEXT.replace(/# the budget[\s\S]*fixed: 5}\n/, ""));
  });
  it("has its items in another order, each with its comment", () => {
    const turned = moved(TEXT, "earning", 2, 0);
    expect(ids(turned)).toEqual(["share", "base", "weekend"]);
    expect(turned).toContain("earning:\n# the budget is looked at in June\n- {id: share");
    expect(moved(turned, "earning", 0, 2)).toBe(TEXT);
  });
  it("gets an item, as people write one", () => {
    const rule = { id: "more", unit: "points", when: undefined, multiply: { factor_bp: 20000, lane: "main" } };
    expect(added(TEXT, "earning", 3, rule)).toBe(
      TEXT.replace("ladder:", "- id: more\n  unit: points\n  multiply: {factor_bp: 20000, lane: main}\nladder:"),
    );
    expect(ids(added(TEXT, "earning", 1, rule))).toEqual(["base", "more", "weekend", "share"]);
  });
  it("of another form, or none, is laid out anew", () => {
    expect(added("a: 1\n", "earning", 0, { id: "x" })).toBe("a: 1\nearning:\n  - {id: x}\n");
    expect(added("earning: []\n", "earning", 0, { id: "x" })).toBe("earning:\n  - {id: x}\n");
    expect(removed("earning:\n  - id: x\n", "earning", 0)).toBe("earning: []\n");
    expect(moved("earning: [{id: x}, {id: y}]\n", "earning", 0, 1)).toBe("earning:\n  - {id: y}\n  - {id: x}\n");
  });
});

describe("inline", () => {
  it.each([
    ["gold", "gold"],
    ["Gold and Platinum", "Gold and Platinum"],
    ["金卡 1.5 倍", "金卡 1.5 倍"],
    ["=", '"="'],
    ["on", '"on"'],
    ["14:00", '"14:00"'],
    ["85048", '"85048"'],
    ["2026-01-01", '"2026-01-01"'],
    ["", '""'],
    [" a", '" a"'],
    ["10 off: now", '"10 off: now"'],
  ])("writes %j as %s", (text, yaml) => expect(inline(text)).toBe(yaml));
});

function ids(text: string): string[] {
  const { earning } = parseDocument(text).toJS() as { earning: { id: string }[] };
  return earning.map((rule) => rule.id);
}
