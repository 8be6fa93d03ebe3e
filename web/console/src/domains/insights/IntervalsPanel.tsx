import { answer, api } from "@regulars/shared/api/client";
import { Chart } from "@regulars/shared/desk/chart/Chart";
import { count } from "@regulars/shared/format/numbers";
import type { EChartsCoreOption } from "echarts/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Behind } from "./Behind";
import { addressOf } from "./bucket";
import { Defined } from "./Defined";
import { Downloads } from "./Downloads";
import type { Asked, Intervals } from "./queries";
import { useColors } from "./useColors";

/** Days between purchases as bars of a week, with the median and P75 marked. */
export function IntervalsPanel({ asked, intervals }: { asked: Asked; intervals: Intervals }) {
  const { t } = useTranslation("insights");
  const go = useNavigate();
  const colors = useColors();
  const { histogram, median, p75 } = intervals;
  const option = useMemo<EChartsCoreOption>(() => {
    const width = histogram[0]?.to_days ?? 1;
    const mark = (days: number | null, name: string, place: number) =>
      days === null ? [] : [{ xAxis: Math.floor((days - 1) / width), name, label: { distance: [0, place] } }];
    return {
      grid: { top: 44 },
      tooltip: {
        trigger: "axis",
        formatter: ([point]: { dataIndex: number; value: number }[]) => {
          const row = point && histogram[point.dataIndex];
          return row ? `${rangeOf(row, t)}: ${count(row.n)}` : "";
        },
      },
      xAxis: {
        type: "category",
        data: histogram.map((row) => String(row.from_days)),
        axisLabel: { color: colors.inkSoft, hideOverlap: true },
      },
      yAxis: { type: "value", splitNumber: 4 },
      series: [
        {
          type: "bar",
          name: t("intervals.count"),
          barCategoryGap: "12%",
          itemStyle: { opacity: 0.85, borderRadius: [2, 2, 0, 0] },
          data: histogram.map((row) => row.n),
          markLine: {
            silent: true,
            symbol: "none",
            lineStyle: { color: colors.series[1], width: 1.6, type: "solid" },
            label: { color: colors.ink, formatter: "{b}", position: "end" },
            data: [
              ...mark(median, t("intervals.median", { days: median }), 4),
              ...mark(p75, t("intervals.p75", { days: p75 }), 20),
            ],
          },
        },
      ],
    };
  }, [histogram, median, p75, colors, t]);
  const bucket = (row: Intervals["histogram"][number]) =>
    ({ ...asked, of: "interval", from_days: row.from_days, to_days: row.to_days }) as const;
  return (
    <>
      <Chart
        title={t("intervals.title")}
        option={option}
        height={330}
        onPoint={({ index }) => {
          const row = histogram[index];
          if (row?.n) {
            void go(addressOf(bucket(row)));
          }
        }}
        table={{
          columns: [t("intervals.days"), t("intervals.count")],
          rows: histogram.map((row) => [
            rangeOf(row, t),
            <Behind key="n" bucket={row.n ? bucket(row) : null}>
              {count(row.n)}
            </Behind>,
          ]),
        }}
        extra={
          <>
            <Defined metric="interval" about={intervals.about} />
            <Downloads
              what={t("intervals.title")}
              name="intervals"
              load={(format) =>
                answer(api.GET("/v1/insights/intervals", { params: { query: { ...asked, format } }, parseAs: "blob" }))
              }
            />
          </>
        }
      />
      <p className="quiet">{t("intervals.words", { n: count(intervals.n), median: count(median), p75: count(p75) })}</p>
    </>
  );
}

function rangeOf(
  row: Intervals["histogram"][number],
  t: (key: "intervals.range" | "intervals.over", values: Record<string, number>) => string,
): string {
  return row.to_days === null
    ? t("intervals.over", { from: row.from_days })
    : t("intervals.range", { from: row.from_days, to: row.to_days });
}
