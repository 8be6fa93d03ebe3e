import { expect, test } from "vitest";
import { type Column, remapped } from "./wish";

const FIELDS = [{ field: "order_number" }, { field: "time" }, { field: "customer" }];
const COLUMNS: Column[] = [
  { name: "No", field: "order_number", samples: [] },
  { name: "When", field: "time", samples: [] },
  { name: "Who", field: null, samples: [] },
];

test("a column takes a meaning that nobody has", () => {
  expect(remapped(COLUMNS, FIELDS, "Who", "customer")).toEqual({ order_number: "No", time: "When", customer: "Who" });
});

test("a meaning moves: the column that had it means nothing any more", () => {
  expect(remapped(COLUMNS, FIELDS, "Who", "time")).toEqual({ order_number: "No", time: "Who", customer: "" });
});

test("a column loses its meaning, which is not guessed again", () => {
  expect(remapped(COLUMNS, FIELDS, "No", "")).toEqual({ order_number: "", time: "When", customer: "" });
});
