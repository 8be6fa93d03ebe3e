import { said } from "@regulars/shared/session/plan";
import type { Palette } from "@regulars/shared/theme/tokens";
import type { EChartsCoreOption } from "echarts/core";
import { type EffectRow, percent, type Share } from "./effects";

type Drawing = { value: (dimension: number) => number; coord: (at: [number, number]) => [number, number] };
type Shown = { seriesName?: string; value: [number, number, number, number] };

const APART = 11;
const HALF_CAP = 5;
const RADIUS = 5;

/** One line a benefit, on one axis: the share with it as a dot, without it as a diamond, each on its 95 % interval. */
export function effectsOption(
  rows: readonly EffectRow[],
  [having, lacking]: [string, string],
  colors: Palette,
): EChartsCoreOption {
  const [one = colors.accent, other = colors.info] = colors.series;
  return {
    grid: { top: 34, left: 8, right: 20 },
    legend: {
      data: [
        { name: having, icon: "circle" },
        { name: lacking, icon: "diamond" },
      ],
    },
    tooltip: {
      trigger: "item",
      // Only words of our own: what a formatter gives is shown as HTML, and a benefit's name may hold anything.
      formatter: ({ seriesName, value: [, rate, low, high] }: Shown) =>
        `${seriesName ?? ""}: ${percent(rate * 100)} (${percent(low * 100)} – ${percent(high * 100)})`,
    },
    xAxis: {
      type: "value",
      min: 0,
      max: ({ max }: { max: number }) => Math.min(100, Math.ceil(max / 10) * 10),
      axisLabel: { color: colors.inkSoft, formatter: "{value}%" },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => said(row.label)),
      axisLabel: { color: colors.inkSoft, width: 104, overflow: "break", interval: 0 },
    },
    series: [
      side(having, rows, { of: (row) => row.effect.having, color: one, shift: -APART, dot: true }),
      side(lacking, rows, { of: (row) => row.effect.lacking, color: other, shift: APART, dot: false }),
    ],
  };
}

type How = { of: (row: EffectRow) => Share; color: string; shift: number; dot: boolean };

function side(name: string, rows: readonly EffectRow[], { of, color, shift, dot }: How) {
  return {
    type: "custom",
    name,
    color,
    itemStyle: { color },
    encode: { x: [1, 2, 3], y: 0 },
    data: rows.flatMap((row, place) => {
      const { rate_bp, low_bp, high_bp } = of(row);
      return rate_bp === null || low_bp === null || high_bp === null
        ? []
        : [[place, rate_bp / 100, low_bp / 100, high_bp / 100]];
    }),
    renderItem: (_: unknown, api: Drawing) => {
      const small = rows[api.value(0)]?.effect.small ?? false;
      return marked(api, { color, shift, dot, opacity: small ? 0.55 : 1 });
    },
  };
}

function marked(api: Drawing, how: { color: string; shift: number; dot: boolean; opacity: number }) {
  const [x, middle] = api.coord([api.value(1), api.value(0)]);
  const [low] = api.coord([api.value(2), api.value(0)]);
  const [high] = api.coord([api.value(3), api.value(0)]);
  const y = middle + how.shift;
  const stroke = { stroke: how.color, lineWidth: 1.8, opacity: how.opacity };
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: "line",
    shape: { x1, y1, x2, y2 },
    style: stroke,
  });
  const fill = { fill: how.color, opacity: how.opacity };
  return {
    type: "group",
    children: [
      line(low, y, high, y),
      line(low, y - HALF_CAP, low, y + HALF_CAP),
      line(high, y - HALF_CAP, high, y + HALF_CAP),
      how.dot
        ? { type: "circle", shape: { cx: x, cy: y, r: RADIUS }, style: fill }
        : {
            type: "polygon",
            shape: {
              points: [
                [x - RADIUS - 1, y],
                [x, y - RADIUS - 1],
                [x + RADIUS + 1, y],
                [x, y + RADIUS + 1],
              ],
            },
            style: fill,
          },
    ],
  };
}
