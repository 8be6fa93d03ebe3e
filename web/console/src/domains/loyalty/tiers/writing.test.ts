import { describe, expect, it } from "vitest";
import { readPlan } from "./reading";
import { inserted, written } from "./writing";

const TEXT = `# the shop
format: 1
currency: GBP # pence
units:
  growth: {label: {en: growth value, zh: g}}
ladder:
  unit: growth
  keep: {months: 12, round_to: month}
  levels:
    # everybody
    - {id: member, from: 0, label: {en: Member, zh: m}}
    - {id: silver, from: 500, label: {en: Silver, zh: s}} # the middle
benefits:
  - id: tea
    label: {en: Tea, zh: t}
    tiers: [silver]
    quota: {times: 1, per: day}
    unit_cost: 400
`;

describe("written", () => {
  it("leaves a document as it was where nothing is changed", () => {
    expect(written(TEXT, [])).toBe(TEXT);
  });
  it("changes one value and keeps what stands around it", () => {
    expect(written(TEXT, [{ at: ["ladder", "levels", 1, "from"], value: 600 }])).toBe(
      TEXT.replace("from: 500", "from: 600"),
    );
  });
  it("adds what was not there, and takes away", () => {
    const more = written(TEXT, [
      { at: ["ladder", "grace_days"], value: 30 },
      { at: ["ladder", "keep", "round_to"], value: undefined },
      { at: ["ladder", "window"], value: undefined },
      { at: ["benefits", 0, "tiers"], value: ["member", "silver"] },
    ]);
    expect(more).toContain("  grace_days: 30\n");
    expect(more).toContain("  keep: {months: 12}\n");
    expect(more).toContain("    tiers: [member, silver]\n");
    expect(more).toContain("# the middle");
  });
  it("puts a level between others, on one line as they are", () => {
    const level = { id: "bronze", from: 200, label: { en: "Bronze", zh: "b" } };
    expect(inserted(TEXT, ["ladder", "levels"], 1, level)).toBe(
      TEXT.replace("    - {id: silver", "    - {id: bronze, from: 200, label: {en: Bronze, zh: b}}\n    - {id: silver"),
    );
  });
  it("needs no quotes for a name that was empty", () => {
    const nameless = written(TEXT, [{ at: ["ladder", "levels", 1, "label", "en"], value: "" }]);
    expect(nameless).toContain('label: {en: "", zh: s}');
    expect(written(nameless, [{ at: ["ladder", "levels", 1, "label", "en"], value: "Silver" }])).toBe(TEXT);
  });
});

describe("readPlan", () => {
  it("fills in what a ladder leaves out", () => {
    const plan = readPlan(TEXT);
    expect(plan?.currency).toBe("GBP");
    expect(plan?.ladders).toMatchObject([
      { field: "ladder", id: "main", counts: "unit", downgrade: "reassess", graceDays: 0, window: null },
    ]);
    expect(plan?.ladders[0]?.keep).toEqual({ months: 12, roundTo: "month", until: null });
    expect(plan?.benefits[0]).toMatchObject({ tiers: ["silver"], unitCost: 400, quota: { times: 1, per: "day" } });
  });
  it("says when a text cannot be read, and takes what is wrongly typed for missing", () => {
    expect(readPlan("ladder: [")).toBeNull();
    expect(readPlan(TEXT.replace("from: 500", "from: many"))?.ladders[0]?.levels[1]?.from).toBeNull();
  });
});
