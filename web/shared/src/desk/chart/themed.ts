import type { EChartsCoreOption } from "echarts/core";
import { FONT, type Palette } from "../../theme/tokens";

/** The option in the house's colours. What the option says itself stays. */
export function themed(option: EChartsCoreOption, colors: Palette, { still }: { still: boolean }): EChartsCoreOption {
  return {
    color: [...colors.series],
    animation: !still,
    animationDuration: 250,
    aria: { enabled: true },
    ...option,
    textStyle: { fontFamily: FONT, color: colors.inkSoft, fontSize: 12 },
    grid: { left: 8, right: 12, top: 24, bottom: 8, containLabel: true, ...object(option.grid) },
    tooltip: {
      trigger: "axis",
      backgroundColor: colors.raised,
      borderColor: colors.line,
      textStyle: { color: colors.ink, fontFamily: FONT, fontSize: 12 },
      ...object(option.tooltip),
    },
    legend: legend(option.legend, colors),
    xAxis: axis(option.xAxis, colors),
    yAxis: axis(option.yAxis, colors),
    series: series(option.series),
  };
}

/** Points of a line are small and filled: the hollow default has a white heart, which glares in the dark. */
function series(given: unknown): unknown {
  if (Array.isArray(given)) {
    return given.map(series);
  }
  const one = object(given);
  return one.type === "line" ? { symbol: "circle", symbolSize: 5, ...one } : given;
}

function axis(given: unknown, colors: Palette): unknown {
  if (Array.isArray(given)) {
    return given.map((one) => axis(one, colors));
  }
  if (given === undefined) {
    return undefined;
  }
  return {
    axisLine: { lineStyle: { color: colors.line } },
    axisTick: { show: false },
    axisLabel: { color: colors.inkSoft },
    splitLine: { lineStyle: { color: colors.lineSoft } },
    nameTextStyle: { color: colors.inkSoft },
    ...object(given),
  };
}

function legend(given: unknown, colors: Palette): unknown {
  return given === undefined
    ? undefined
    : { top: 0, left: 0, itemWidth: 12, itemHeight: 8, textStyle: { color: colors.inkSoft }, ...object(given) };
}

function object(given: unknown): Record<string, unknown> {
  return typeof given === "object" && given !== null && !Array.isArray(given) ? (given as Record<string, unknown>) : {};
}
