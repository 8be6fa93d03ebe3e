import { describe, expect, it } from "vitest";
import { lineOf } from "./where";

const TEXT = `# the shop
format: 1
units:
  points:
    label: {en: points, zh: p}
    expiry: {rolling: {months: 12}}
ladder:
  levels:
    - {id: member, from: 0}
    - {id: silver, from: 500}
earning:
  - id: base
    unit: points
    per_amount: {every: 100}
  - id: growth
    when:
      rules:
        - {field: a}
        - field: b
          value: 3
    unit: growth
`;

describe("lineOf", () => {
  it.each([
    ["format", 1],
    ["units.points.expiry.rolling.months", 5],
    ["ladder.levels[1].from", 9],
    ["earning[0].per_amount.every", 13],
    ["earning[1].unit", 20],
    ["earning[1].when.rules[1].value", 19],
    ["line 7, column 2", 6],
    ["nowhere", -1],
    ["earning[9].id", 10],
  ])("finds %s", (path, line) => expect(lineOf(TEXT, path)).toBe(line));
});
