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
import { percent } from "./numbers";
import type { Asked, Conversion } from "./queries";
import { useColors } from "./useColors";
import { useWithin } from "./useWithin";

/** How many reach the first, second, third … purchase, and which share goes on from each within N days. */
export function FunnelPanel({ asked, conversion }: { asked: Asked; conversion: Conversion }) {
  const { t } = useTranslation("insights");
  const go = useNavigate();
  const colors = useColors();
  const [within] = useWithin();
  const steps = useMemo(() => conversion.steps.filter((step) => step.days === within), [conversion, within]);
  const title = t("funnel.title", { days: within });
  const option = useMemo<EChartsCoreOption>(
    () => ({
      grid: { top: 12, right: 96 },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
      xAxis: { type: "value", show: false },
      yAxis: { type: "category", inverse: true, data: steps.map((step) => t("funnel.nth", { number: step.purchase })) },
      series: [
        {
          type: "bar",
          name: t("funnel.reached"),
          barMaxWidth: 22,
          itemStyle: { borderRadius: [0, 4, 4, 0] },
          label: {
            show: true,
            position: "right",
            color: colors.inkSoft,
            formatter: ({ dataIndex }: { dataIndex: number }) => {
              const step = steps[dataIndex];
              return step ? `${count(step.reached)}  →  ${percent(step.rate_bp)}` : "";
            },
          },
          data: steps.map((step) => step.reached),
        },
      ],
    }),
    [steps, colors, t],
  );
  const reached = (purchase: number) => ({ ...asked, of: "conversion", purchase }) as const;
  const rows = steps.map((step) => [
    t("funnel.nth", { number: step.purchase }),
    <Behind key="reached" bucket={step.reached ? reached(step.purchase) : null}>
      {count(step.reached)}
    </Behind>,
    <Behind key="n" bucket={step.n ? { ...reached(step.purchase), days: within, outcome: "yes" } : null}>
      {count(step.n)}
    </Behind>,
    count(step.denominator),
    percent(step.rate_bp),
    `${percent(step.low_bp)} – ${percent(step.high_bp)}`,
  ]);
  return (
    <Chart
      title={title}
      option={option}
      height={360}
      onPoint={({ index }) => {
        const step = steps[index];
        if (step) {
          void go(addressOf(reached(step.purchase)));
        }
      }}
      table={{
        columns: [
          t("column.purchase"),
          t("funnel.reached"),
          t("column.wentOn"),
          t("column.of"),
          t("column.rate"),
          t("column.interval"),
        ],
        rows,
      }}
      extra={
        <>
          <Defined metric="conversion" about={conversion.about} />
          <Downloads
            what={title}
            name="conversion"
            load={(format) =>
              answer(api.GET("/v1/insights/conversion", { params: { query: { ...asked, format } }, parseAs: "blob" }))
            }
          />
        </>
      }
    />
  );
}
