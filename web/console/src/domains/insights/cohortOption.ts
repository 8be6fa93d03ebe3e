import { FONT, type Palette } from "@regulars/shared/theme/tokens";
import type { EChartsCoreOption } from "echarts/core";
import { month, SMALL } from "./numbers";
import type { Cohorts } from "./queries";

export type Cell = Cohorts["cells"][number];
type Drawing = {
  value: (dimension: number) => number;
  coord: (at: [number, number]) => [number, number];
  size: (by: [number, number]) => [number, number];
};
type Shape = { x: number; y: number; width: number; height: number };

const GAP = 1.5;
const HATCH = 6;
const FAINTEST = 0.07;

/** Cohorts below each other, months beside each other: the darker, the more came back. Cells of few members are hatched. */
export function cohortOption(
  cells: readonly Cell[],
  colors: Palette,
  shown: { kind: "fixed" | "rolling"; text: (cell: Cell) => string; tip: (cell: Cell) => string },
): EChartsCoreOption {
  const months = [...new Set(cells.map((cell) => cell.month))].sort();
  const after = [...new Set(cells.map((cell) => cell.after))].sort((one, other) => one - other);
  return {
    grid: { top: 24, right: 4, bottom: 4 },
    tooltip: {
      trigger: "item",
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const cell = cells[dataIndex];
        return cell ? shown.tip(cell) : "";
      },
    },
    xAxis: { type: "category", position: "top", data: after.map((one) => `M${one}`), axisLine: { show: false } },
    yAxis: { type: "category", inverse: true, data: months.map(month), axisLine: { show: false } },
    series: [
      {
        type: "custom",
        name: "cohorts",
        data: cells.map((cell) => [
          after.indexOf(cell.after),
          months.indexOf(cell.month),
          (cell[`${shown.kind}_bp`] ?? 0) / 10_000,
          cell.denominator < SMALL ? 1 : 0,
        ]),
        renderItem: ({ dataIndex }: { dataIndex: number }, api: Drawing) => {
          const cell = cells[dataIndex];
          return cell ? drawn(api, colors, shown.text(cell), cell.complete) : undefined;
        },
      },
    ],
  };
}

function drawn(api: Drawing, colors: Palette, words: string, complete: boolean) {
  const [x, y] = api.coord([api.value(0), api.value(1)]);
  const [width, height] = api.size([1, 1]);
  const shape = { x: x - width / 2 + GAP, y: y - height / 2 + GAP, width: width - 2 * GAP, height: height - 2 * GAP };
  const share = api.value(2);
  const text = share > turnsAt(colors) ? colors.onAccent : colors.ink;
  return {
    type: "group",
    children: [
      {
        type: "rect",
        shape: { ...shape, r: 3 },
        style: { fill: colors.accent, opacity: FAINTEST + share * (1 - FAINTEST) },
      },
      ...(api.value(3) ? hatched(shape, text) : []),
      {
        type: "text",
        silent: true,
        style: {
          x,
          y,
          text: complete ? words : `${words}*`,
          fill: text,
          fontFamily: FONT,
          fontSize: 11.5,
          align: "center",
          verticalAlign: "middle",
        },
      },
    ],
  };
}

/** The share from which the accent is so strong that the text on it has to change: later where that text is light. */
function turnsAt(colors: Palette): number {
  return Number.parseInt(colors.onAccent.slice(1, 3), 16) > 0x7f ? 0.75 : 0.55;
}

function hatched({ x, y, width, height }: Shape, stroke: string) {
  const lines = [];
  for (let from = HATCH; from < width + height; from += HATCH) {
    const [x1, y1] = from < height ? [x, y + from] : [x + from - height, y + height];
    const [x2, y2] = from < width ? [x + from, y] : [x + width, y + from - width];
    lines.push({
      type: "line",
      silent: true,
      shape: { x1, y1, x2, y2 },
      style: { stroke, lineWidth: 1, opacity: 0.35 },
    });
  }
  return lines;
}
