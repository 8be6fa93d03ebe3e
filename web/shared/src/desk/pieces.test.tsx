import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import { MoneyInput } from "./fields/MoneyInput";
import { sentence } from "./filters/filters";
import { Failed, NothingMatches } from "./states/Empties";
import { type Column, shownColumns } from "./table/columns";
import { sharesOf } from "./why/Why";

describe("MoneyInput", () => {
  it("holds minor units and says what would be accepted", async () => {
    const onChange = vi.fn();
    render(<MoneyInput currency="GBP" label="Amount" onChange={onChange} />);
    await userEvent.type(screen.getByLabelText("Amount"), "12.5");
    expect(onChange).toHaveBeenLastCalledWith(1250);
    await userEvent.type(screen.getByLabelText("Amount"), "55");
    expect(onChange).toHaveBeenLastCalledWith(null);
    expect(screen.getByRole("alert")).toHaveTextContent("An amount in GBP, for example 1234.50");
  });
});

describe("the empties", () => {
  it("name the filter and drop it", async () => {
    const onClear = vi.fn();
    render(<NothingMatches filters="Status: Closed" onClear={onClear} />);
    expect(screen.getByText("No row matches Status: Closed.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
    expect(onClear).toHaveBeenCalledOnce();
  });

  it("say why something failed, with the request's id", () => {
    const problem = new Problem({
      code: "http.failed",
      status: 500,
      title: "Internal error",
      detail: "Our side.",
      requestId: "req-9",
    });
    render(<Failed problem={problem} onRetry={() => {}} />);
    expect(screen.getByText("Our side.")).toBeVisible();
    expect(screen.getByText("Request req-9")).toBeVisible();
    expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
  });
});

describe("filters", () => {
  it("read as one sentence", () => {
    const filters = [
      { kind: "choice", name: "status", label: "Status", options: [{ value: "closed", label: "Closed" }] },
      { kind: "days", from: "from", to: "to", label: "Joined" },
    ] as const;
    const words = {
      pair: (label: string, value: string) => `${label}: ${value}`,
      range: (from: string, to: string) => `${from} to ${to}`,
    };
    expect(sentence(filters, { status: "closed", from: "2026-01-01" }, words)).toBe(
      "Status: Closed, Joined: 2026-01-01 to …",
    );
    expect(sentence(filters, {}, words)).toBe("");
  });
});

describe("columns", () => {
  const columns: Column<object>[] = [
    { key: "a", title: "A", always: true, render: () => null },
    { key: "b", title: "B", render: () => null },
    { key: "c", title: "C", hidden: true, render: () => null },
  ];

  it("are shown as each person set them", () => {
    const keys = (shown: string[] | null) =>
      shownColumns(columns, { shown, density: "compact" }).map((column) => column.key);
    expect(keys(null)).toEqual(["a", "b"]);
    expect(keys(["c"])).toEqual(["a", "c"]);
  });
});

describe("why", () => {
  it("adds up the parts of a rule", () => {
    expect([
      ...sharesOf({
        parts: [
          [1, "base", 2],
          [2, "base", 3],
          [2, "double", 3],
        ],
      }),
    ]).toEqual([
      ["base", 5],
      ["double", 3],
    ]);
    expect(sharesOf({}).size).toBe(0);
  });
});
