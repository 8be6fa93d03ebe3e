import { answer, api } from "@regulars/shared/api/client";
import { Chart } from "@regulars/shared/desk/chart/Chart";
import { exponent, money } from "@regulars/shared/format/money";
import { compact, count } from "@regulars/shared/format/numbers";
import type { EChartsCoreOption } from "echarts/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Behind } from "./Behind";
import { addressOf } from "./bucket";
import { Defined } from "./Defined";
import { Downloads } from "./Downloads";
import { month } from "./numbers";
import type { Revenue } from "./queries";
import { useColors } from "./useColors";

const PARTS = ["returning", "new", "anonymous"] as const;

/** Revenue by month: who spent it. A bar leads to the members behind it. */
export function RevenuePanel({ revenue }: { revenue: Revenue }) {
  const { t } = useTranslation("insights");
  const go = useNavigate();
  const colors = useColors();
  const { about, periods } = revenue;
  const option = useMemo<EChartsCoreOption>(() => {
    const shades = [colors.series[0], colors.series[3], colors.inkFaint];
    const last = PARTS.length - 1;
    return {
      legend: {},
      grid: { top: 34 },
      tooltip: { valueFormatter: (value: unknown) => money(Number(value), about.currency) },
      xAxis: { type: "category", data: periods.map((row) => month(row.start)) },
      yAxis: {
        type: "value",
        splitNumber: 4,
        axisLabel: {
          color: colors.inkSoft,
          formatter: (minor: number) => compact(minor / 10 ** exponent(about.currency)),
        },
      },
      series: PARTS.map((part, place) => ({
        type: "bar",
        name: t(`part.${part}`),
        stack: "revenue",
        barMaxWidth: 34,
        color: shades[place],
        itemStyle: place === last ? { borderRadius: [4, 4, 0, 0], opacity: 0.4 } : {},
        data: periods.map((row) => row[`revenue_${part}`]),
      })),
    };
  }, [about.currency, periods, colors, t]);
  const bucket = (start: string, part: "new" | "returning" | null) =>
    ({ of: "revenue", period: "month", start, part }) as const;
  const rows = periods.map((row) => [
    month(row.start),
    ...PARTS.map((part) => (
      <Behind key={part} bucket={part === "anonymous" ? null : bucket(row.start, part)}>
        {money(row[`revenue_${part}`], about.currency)}
      </Behind>
    )),
    money(row.revenue, about.currency),
    count(row.orders),
    money(row.average_order, about.currency),
  ]);
  const parts = PARTS.map((part) => t(`part.${part}`));
  return (
    <Chart
      title={t("revenue.title", { currency: about.currency })}
      option={option}
      height={300}
      table={{
        columns: [t("column.month"), ...parts, t("column.total"), t("column.orders"), t("column.average")],
        rows,
      }}
      onPoint={({ series, index }) => {
        const part = PARTS[parts.indexOf(series)];
        const start = periods[index]?.start;
        if (start && part && part !== "anonymous") {
          void go(addressOf(bucket(start, part)));
        }
      }}
      extra={
        <>
          <Defined metric="revenue" about={about} />
          <Downloads
            what={t("revenue.title", { currency: about.currency })}
            name="revenue"
            load={(format) =>
              answer(
                api.GET("/v1/insights/revenue", {
                  params: { query: { format, ...(format === "csv" ? { table: "periods" } : {}) } },
                  parseAs: "blob",
                }),
              )
            }
          />
        </>
      }
    />
  );
}
