import { Chart } from "@regulars/shared/desk/chart/Chart";
import { count, NONE } from "@regulars/shared/format/numbers";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { at, type Curve, curveOption } from "./curve";
import { Defined } from "./Defined";
import { percent, WITHIN } from "./numbers";
import type { About } from "./queries";
import { useColors } from "./useColors";

/** How soon customers come back: everybody else beside the hold-out, day by day. */
export function CurveChart({ curves, about, height }: { curves: readonly Curve[]; about: About; height?: number }) {
  const { t } = useTranslation("insights");
  const colors = useColors();
  const option = useMemo(() => curveOption(curves, colors, (day) => t("curve.day", { day })), [curves, colors, t]);
  const rows = WITHIN.map((day) => [
    t("strip.days", { days: day }),
    ...curves.flatMap((curve) => {
      const row = at(curve.rows, day);
      return row
        ? [percent(row.reached_bp), `${percent(row.low_bp)} – ${percent(row.high_bp)}`, count(row.at_risk)]
        : [NONE, NONE, NONE];
    }),
  ]);
  const columns = [
    t("column.within"),
    ...curves.flatMap(({ name }) => [name, t("column.intervalOf", { name }), t("column.watchedOf", { name })]),
  ];
  return (
    <Chart
      title={t("curve.title")}
      option={option}
      height={height ?? 300}
      table={{ columns, rows }}
      extra={<Defined metric="conversion_curve" about={about} />}
    />
  );
}
