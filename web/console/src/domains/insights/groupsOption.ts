import type { Palette } from "@regulars/shared/theme/tokens";
import type { EChartsCoreOption } from "echarts/core";
import { SMALL } from "./numbers";
import type { GroupRow } from "./queries";

type Drawing = { value: (dimension: number) => number; coord: (at: [number, number]) => [number, number] };

/** One bar a group with its 95 % interval as a whisker; groups of few members are paler. */
export function groupsOption(
  rows: readonly GroupRow[],
  names: readonly string[],
  colors: Palette,
  label: string,
): EChartsCoreOption {
  return {
    grid: { top: 12 },
    tooltip: {
      trigger: "axis",
      valueFormatter: (value: unknown) => (value == null ? "—" : `${Number(value).toFixed(1)}%`),
    },
    xAxis: {
      type: "category",
      data: [...names],
      axisLabel: { color: colors.inkSoft, interval: 0, hideOverlap: true, rotate: names.length > 8 ? 30 : 0 },
    },
    yAxis: {
      type: "value",
      min: 0,
      max: 100,
      interval: 25,
      axisLabel: { color: colors.inkSoft, formatter: "{value}%" },
    },
    series: [
      {
        type: "bar",
        name: label,
        barMaxWidth: 38,
        data: rows.map((row) => ({
          value: row.rate_bp === null ? null : row.rate_bp / 100,
          itemStyle: { borderRadius: [4, 4, 0, 0], opacity: row.denominator < SMALL ? 0.4 : 1 },
        })),
      },
      {
        type: "custom",
        silent: true,
        tooltip: { show: false },
        z: 5,
        data: rows.flatMap((row, place) =>
          row.low_bp === null || row.high_bp === null ? [] : [[place, row.low_bp / 100, row.high_bp / 100]],
        ),
        renderItem: (_: unknown, api: Drawing) => whisker(api, colors.ink),
      },
    ],
  };
}

const HALF_CAP = 4;

function whisker(api: Drawing, stroke: string) {
  const [x, low] = api.coord([api.value(0), api.value(1)]);
  const [, high] = api.coord([api.value(0), api.value(2)]);
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: "line",
    shape: { x1, y1, x2, y2 },
    style: { stroke, lineWidth: 1.4, opacity: 0.75 },
  });
  return {
    type: "group",
    children: [
      line(x, low, x, high),
      line(x - HALF_CAP, low, x + HALF_CAP, low),
      line(x - HALF_CAP, high, x + HALF_CAP, high),
    ],
  };
}
