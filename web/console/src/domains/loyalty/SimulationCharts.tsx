import { Chart } from "@regulars/shared/desk/chart/Chart";
import { money } from "@regulars/shared/format/money";
import { compact, count, NONE } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMode } from "@regulars/shared/theme/mode";
import { palette } from "@regulars/shared/theme/tokens";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Result } from "./simulations";

/** How far members lie from where they were, and what orders of each month earned on either side. */
export function SimulationCharts({ result }: { result: Result }) {
  const units = [...new Set(result.months.map((row) => row.unit))];
  return (
    <div className="simulation-pair">
      <Differences result={result} />
      {units.map((unit) => (
        <Months key={unit} result={result} unit={unit} />
      ))}
    </div>
  );
}

function Differences({ result }: { result: Result }) {
  const { t } = useTranslation("simulation");
  const colors = palette(useMode().mode);
  const bands = result.histogram;
  const names = bands.map((band) => bandName(band, result.currency));
  const option = useMemo(
    () => ({
      tooltip: { valueFormatter: (value: unknown) => count(Number(value)) },
      xAxis: { type: "category", data: names },
      yAxis: { type: "value", splitNumber: 4, axisLabel: { formatter: (value: number) => compact(value) } },
      series: [
        {
          type: "bar",
          name: t("members"),
          barMaxWidth: 26,
          data: bands.map((band) => ({
            value: band.members,
            itemStyle: { color: (band.high ?? 1) < 0 ? colors.series[1] : colors.series[0] },
          })),
        },
      ],
    }),
    [bands, names, colors, t],
  );
  return (
    <Chart
      title={t("histogram")}
      option={option}
      table={{
        columns: [t("change"), t("members")],
        rows: bands.map((band, at) => [names[at] ?? NONE, count(band.members)]),
      }}
    />
  );
}

function bandName(band: Result["histogram"][number], currency: string): string {
  if (band.low === null || band.high === null) {
    return band.low === null ? `≤ ${money(band.high, currency)}` : `≥ ${money(band.low, currency)}`;
  }
  return band.low === band.high
    ? money(band.low, currency)
    : `${money(band.low, currency)} – ${money(band.high, currency)}`;
}

function Months({ result, unit }: { result: Result; unit: string }) {
  const { t } = useTranslation("simulation");
  const colors = palette(useMode().mode);
  const rows = useMemo(() => result.months.filter((row) => row.unit === unit), [result.months, unit]);
  const label = [...result.after.units, ...result.before.units].find((one) => one.unit === unit)?.label;
  const option = useMemo(
    () => ({
      legend: {},
      grid: { top: 34 },
      tooltip: { trigger: "axis", valueFormatter: (value: unknown) => count(Number(value)) },
      xAxis: { type: "category", data: rows.map((row) => row.month) },
      yAxis: { type: "value", splitNumber: 4, axisLabel: { formatter: (value: number) => compact(value) } },
      series: (["before", "after"] as const).map((side, at) => ({
        type: "line",
        name: t(side),
        color: colors.series[at],
        showSymbol: rows.length < 2,
        data: rows.map((row) => row[side]),
      })),
    }),
    [rows, colors, t],
  );
  return (
    <Chart
      title={t("byMonth", { unit: said(label) })}
      option={option}
      table={{
        columns: [t("month"), t("before"), t("after")],
        rows: rows.map((row) => [row.month, count(row.before), count(row.after)]),
      }}
    />
  );
}
