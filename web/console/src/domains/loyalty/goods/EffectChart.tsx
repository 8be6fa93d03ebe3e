import { Chart } from "@regulars/shared/desk/chart/Chart";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMode } from "@regulars/shared/theme/mode";
import { palette } from "@regulars/shared/theme/tokens";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Effects, percent, points, type Share } from "./effects";
import { effectsOption } from "./effectsOption";

const ROW = 58;
const AROUND = 74;

/** Repurchase with each benefit and without it, both with their 95 % interval; the table has the difference too. */
export function EffectChart({ effects }: { effects: Effects }) {
  const { t } = useTranslation("goods");
  const colors = palette(useMode().mode);
  const [having, lacking] = [t("effect.with"), t("effect.without")];
  const option = useMemo(
    () => effectsOption(effects.items, [having, lacking], colors),
    [effects, having, lacking, colors],
  );
  if (effects.items.every((row) => row.effect.having.rate_bp === null && row.effect.lacking.rate_bp === null)) {
    return null;
  }
  return (
    <Chart
      title={t("effect.chart", { days: effects.days })}
      option={option}
      height={effects.items.length * ROW + AROUND}
      table={{
        columns: [
          t("benefits.label"),
          having,
          t("effect.intervalOf", { side: having }),
          lacking,
          t("effect.intervalOf", { side: lacking }),
          t("effect.differencePoints"),
        ],
        rows: effects.items.map((row) => [
          said(row.label),
          rate(row.effect.having),
          interval(row.effect.having),
          rate(row.effect.lacking),
          interval(row.effect.lacking),
          row.effect.difference_bp === null || row.effect.low_bp === null || row.effect.high_bp === null
            ? percent(null)
            : `${points(row.effect.difference_bp)} (${points(row.effect.low_bp)} – ${points(row.effect.high_bp)})`,
        ]),
      }}
    />
  );

  function rate(side: Share): string {
    return side.rate_bp === null
      ? percent(null)
      : t("effect.rateOf", { share: percent(side.rate_bp), n: count(side.n), of: count(side.denominator) });
  }

  function interval(side: Share): string {
    return side.rate_bp === null ? percent(null) : `${percent(side.low_bp)} – ${percent(side.high_bp)}`;
  }
}
