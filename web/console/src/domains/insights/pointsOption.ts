import { compact, count } from "@regulars/shared/format/numbers";
import type { Palette } from "@regulars/shared/theme/tokens";
import type { EChartsCoreOption } from "echarts/core";
import { month } from "./numbers";
import type { Points } from "./queries";

export const MOVES = ["issued", "spent", "expired", "reversed"] as const;
type Month = Points["months"][number];
type Due = Points["due"][number];

/** What came above the line, what went below it, and what was outstanding at each month's end. */
export function movesOption(
  rows: readonly Month[],
  colors: Palette,
  names: Record<(typeof MOVES)[number] | "outstanding", string>,
): EChartsCoreOption {
  const shades = {
    issued: colors.series[0],
    spent: colors.series[2],
    expired: colors.series[1],
    reversed: colors.series[7],
  };
  return {
    legend: {},
    grid: { top: 34 },
    tooltip: { valueFormatter: (value: unknown) => count(Math.abs(Number(value))) },
    xAxis: { type: "category", data: rows.map((row) => month(row.month)) },
    yAxis: [
      {
        type: "value",
        splitNumber: 4,
        axisLabel: { color: colors.inkSoft, formatter: (value: number) => compact(value) },
      },
      {
        type: "value",
        splitNumber: 4,
        splitLine: { show: false },
        axisLabel: { color: colors.inkSoft, formatter: (value: number) => compact(value) },
      },
    ],
    series: [
      ...MOVES.map((move) => ({
        type: "bar",
        name: names[move],
        stack: "moves",
        barMaxWidth: 26,
        color: shades[move],
        data: rows.map((row) => (move === "issued" ? row[move] : -row[move])),
      })),
      {
        type: "line",
        name: names.outstanding,
        yAxisIndex: 1,
        color: colors.inkSoft,
        lineStyle: { width: 1.8, type: "dashed" },
        showSymbol: false,
        data: rows.map((row) => row.outstanding),
      },
    ],
  };
}

/** What lapses in each of the coming months. */
export function dueOption(rows: readonly Due[], colors: Palette, name: string): EChartsCoreOption {
  return {
    tooltip: { valueFormatter: (value: unknown) => count(Number(value)) },
    xAxis: { type: "category", data: rows.map((row) => month(row.month ?? "")) },
    yAxis: {
      type: "value",
      splitNumber: 4,
      axisLabel: { color: colors.inkSoft, formatter: (value: number) => compact(value) },
    },
    series: [
      {
        type: "bar",
        name,
        barMaxWidth: 26,
        color: colors.series[1],
        itemStyle: { borderRadius: [4, 4, 0, 0] },
        data: rows.map((row) => row.amount),
      },
    ],
  };
}
