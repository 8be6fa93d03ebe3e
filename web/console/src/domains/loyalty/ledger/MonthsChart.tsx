import { Chart } from "@regulars/shared/desk/chart/Chart";
import { money } from "@regulars/shared/format/money";
import { compact, count } from "@regulars/shared/format/numbers";
import { useMode } from "@regulars/shared/theme/mode";
import { palette } from "@regulars/shared/theme/tokens";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Total } from "./entries";
import type { Points } from "./History";

const MOVES = ["issued", "spent", "expired", "reversed"] as const;
type Props = { total: Total; rows: Points["months"]; currency: string };

/** What was issued above the line, what went below it, and what was outstanding at the end of each month. */
export function MonthsChart({ total, rows, currency }: Props) {
  const { t } = useTranslation("ledger");
  const colors = palette(useMode().mode);
  const show = (value: number) => (total.money ? money(value, currency) : count(value));
  const option = useMemo(() => {
    const axis = {
      type: "value",
      splitNumber: 4,
      axisLabel: { color: colors.inkSoft, formatter: (value: number) => compact(value) },
    };
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
      xAxis: { type: "category", data: rows.map((row) => row.month.slice(0, 7)) },
      yAxis: [axis, { ...axis, splitLine: { show: false } }],
      series: [
        ...MOVES.map((move) => ({
          type: "bar",
          name: t(`figure.${move}`),
          stack: "moves",
          barMaxWidth: 26,
          color: shades[move],
          data: rows.map((row) => (move === "issued" ? row[move] : -row[move])),
        })),
        {
          type: "line",
          name: t("figure.outstanding"),
          yAxisIndex: 1,
          color: colors.inkSoft,
          lineStyle: { width: 1.8, type: "dashed" },
          showSymbol: false,
          data: rows.map((row) => row.outstanding),
        },
      ],
    };
  }, [rows, colors, t]);
  return (
    <Chart
      title={t("liability.months")}
      option={option}
      height={250}
      table={{
        columns: [t("liability.month"), ...MOVES.map((move) => t(`figure.${move}`)), t("figure.outstanding")],
        rows: rows.map((row) => [
          row.month.slice(0, 7),
          ...MOVES.map((move) => show(row[move])),
          show(row.outstanding),
        ]),
      }}
    />
  );
}
