import { Chart } from "@regulars/shared/desk/chart/Chart";
import { money } from "@regulars/shared/format/money";
import { compact, count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMode } from "@regulars/shared/theme/mode";
import { palette } from "@regulars/shared/theme/tokens";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Report } from "./goods";

/** How often benefits were used, month by month; the table beside it has what each month cost. */
export function BenefitChart({ report }: { report: Report }) {
  const { t } = useTranslation("goods");
  const colors = palette(useMode().mode);
  const months = useMemo(
    () => [...new Set(report.items.flatMap((one) => one.months.map((month) => month.first_day)))].sort(),
    [report],
  );
  const option = useMemo(
    () => ({
      legend: {},
      grid: { top: 34 },
      tooltip: { valueFormatter: (value: unknown) => count(Number(value)) },
      xAxis: { type: "category", data: months.map((first) => first.slice(0, 7)) },
      yAxis: {
        type: "value",
        splitNumber: 4,
        minInterval: 1,
        axisLabel: { color: colors.inkSoft, formatter: (value: number) => compact(value) },
      },
      series: report.items.map((one) => ({
        type: "bar",
        name: said(one.label),
        stack: "used",
        barMaxWidth: 26,
        data: months.map((first) => one.months.find((month) => month.first_day === first)?.used ?? 0),
      })),
    }),
    [report, months, colors],
  );
  if (months.length === 0) {
    return <p className="quiet">{t("benefits.unused")}</p>;
  }
  return (
    <Chart
      title={t("benefits.byMonth")}
      option={option}
      height={240}
      table={{
        columns: [
          t("benefits.label"),
          t("benefits.month"),
          t("benefits.used"),
          t("benefits.members"),
          t("benefits.cost"),
        ],
        rows: report.items.flatMap((one) =>
          one.months.map((month) => [
            said(one.label),
            month.first_day.slice(0, 7),
            count(month.used),
            count(month.members),
            money(month.cost, report.currency),
          ]),
        ),
      }}
    />
  );
}
