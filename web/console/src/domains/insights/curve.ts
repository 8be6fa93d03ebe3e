import type { Palette } from "@regulars/shared/theme/tokens";
import type { EChartsCoreOption } from "echarts/core";
import { WITHIN } from "./numbers";
import type { Conversion } from "./queries";

type Row = Conversion["curve"][number];
export type Curve = { arm: "rest" | "held_out"; name: string; rows: readonly Row[] };

/** What custom series are handed to draw with. */
type Drawing = { coord: (at: [number, number]) => [number, number] };

const LAST_DAY = 365;

/** The last row of a curve at `day` or before it. */
export function at(rows: readonly Row[], day: number): Row | undefined {
  return rows.findLast((row) => row.day <= day);
}

/** Curves that rise day by day, each inside the band it lies in with 95 % confidence. */
export function curveOption(
  curves: readonly Curve[],
  colors: Palette,
  day: (day: number) => string,
): EChartsCoreOption {
  return {
    legend: { data: curves.map((curve) => curve.name) },
    grid: { top: 34, right: 20 },
    tooltip: {
      trigger: "axis",
      valueFormatter: (value: unknown) => `${Number(value).toFixed(1)}%`,
    },
    xAxis: {
      type: "value",
      min: 0,
      max: LAST_DAY,
      splitLine: { show: false },
      axisLabel: { color: colors.inkSoft, customValues: [0, ...WITHIN], formatter: day, hideOverlap: true },
      axisTick: { customValues: [...WITHIN] },
    },
    yAxis: {
      type: "value",
      min: 0,
      max: 100,
      interval: 25,
      axisLabel: { color: colors.inkSoft, formatter: "{value}%" },
    },
    series: curves.flatMap((curve, place) => [
      band(curve.rows, colorOf(curve, colors)),
      {
        type: "line",
        name: curve.name,
        step: "end",
        showSymbol: false,
        color: colorOf(curve, colors),
        lineStyle: { width: 2.4 },
        emphasis: { disabled: true },
        data: [[0, 0], ...curve.rows.map((row) => [row.day, row.reached_bp / 100])],
        ...(place === 0 ? { markLine: marks(colors) } : {}),
      },
    ]),
  };
}

/** An arm keeps its colour, whether it is shown alone or beside the other. */
function colorOf({ arm }: Curve, colors: Palette): string {
  return colors.series[arm === "rest" ? 0 : 1] ?? colors.accent;
}

function band(rows: readonly Row[], color: string) {
  const outline = (api: Drawing) => [
    ...rows.map((row) => api.coord([row.day, row.high_bp / 100])),
    ...rows.map((row) => api.coord([row.day, row.low_bp / 100])).reverse(),
  ];
  return {
    type: "custom",
    silent: true,
    tooltip: { show: false },
    clip: true,
    z: 1,
    data: [[0, 0]],
    renderItem: (_: unknown, api: Drawing) => ({
      type: "polygon",
      shape: { points: outline(api) },
      style: { fill: color, opacity: 0.13 },
    }),
  };
}

function marks(colors: Palette) {
  return {
    silent: true,
    symbol: "none",
    label: { show: false },
    lineStyle: { color: colors.line, type: "dashed" },
    data: WITHIN.slice(0, -1).map((day) => ({ xAxis: day })),
  };
}
