import { Chart } from "@regulars/shared/desk/chart/Chart";
import { money } from "@regulars/shared/format/money";
import { compact, count } from "@regulars/shared/format/numbers";
import { useMode } from "@regulars/shared/theme/mode";
import { palette } from "@regulars/shared/theme/tokens";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Total } from "./entries";
import type { Points } from "./History";

type Props = { total: Total; rows: Points["due"]; currency: string };

/** What is owed by the month in which it lapses; what never lapses is said below. */
export function DueChart({ total, rows, currency }: Props) {
  const { t } = useTranslation("ledger");
  const colors = palette(useMode().mode);
  const show = (value: number) => (total.money ? money(value, currency) : count(value));
  const dated = useMemo(() => rows.filter((row) => row.month !== null), [rows]);
  const never = rows.find((row) => row.month === null);
  const name = t("liability.due");
  const option = useMemo(
    () => ({
      tooltip: { valueFormatter: (value: unknown) => count(Number(value)) },
      xAxis: { type: "category", data: dated.map((row) => row.month?.slice(0, 7) ?? "") },
      yAxis: {
        type: "value",
        splitNumber: 4,
        axisLabel: { color: colors.inkSoft, formatter: (value: number) => compact(value) },
      },
      series: [
        {
          type: "bar",
          name,
          barMaxWidth: 26,
          color: colors.series[1],
          itemStyle: { borderRadius: [4, 4, 0, 0] },
          data: dated.map((row) => row.amount),
        },
      ],
    }),
    [dated, colors, name],
  );
  return (
    <div>
      <Chart
        title={name}
        option={option}
        height={250}
        table={{
          columns: [t("liability.lapsesIn"), name],
          rows: dated.map((row) => [row.month?.slice(0, 7), show(row.amount)]),
        }}
      />
      {never && <p className="quiet">{t("liability.neverLapses", { amount: show(never.amount) })}</p>}
    </div>
  );
}
