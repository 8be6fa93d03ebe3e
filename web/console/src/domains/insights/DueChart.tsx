import { Chart } from "@regulars/shared/desk/chart/Chart";
import { count } from "@regulars/shared/format/numbers";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Behind } from "./Behind";
import { addressOf } from "./bucket";
import { Defined } from "./Defined";
import { month } from "./numbers";
import { dueOption } from "./pointsOption";
import type { About, Points } from "./queries";
import { useColors } from "./useColors";

const MONTHS = 12;
type Props = { about: About; unit: string; rows: Points["due"] };

/** What lapses in the coming months, and what never does. */
export function DueChart({ about, unit, rows }: Props) {
  const { t } = useTranslation("insights");
  const go = useNavigate();
  const colors = useColors();
  const dated = useMemo(() => rows.filter((row) => row.month !== null).slice(0, MONTHS), [rows]);
  const never = rows.find((row) => row.month === null);
  const option = useMemo(() => dueOption(dated, colors, t("figure.points_due")), [dated, colors, t]);
  const bucket = (of: string | null) => ({ of: "points_due", unit, month: of }) as const;
  return (
    <div>
      <Chart
        title={t("points.due")}
        option={option}
        height={never ? 236 : 260}
        extra={<Defined metric="points_due" about={about} />}
        onPoint={({ index }) => {
          const of = dated[index]?.month;
          if (of) {
            void go(addressOf(bucket(of)));
          }
        }}
        table={{
          columns: [t("column.lastDayIn"), t("figure.points_due")],
          rows: dated.map((row) => [
            month(row.month ?? ""),
            <Behind key="due" bucket={bucket(row.month)}>
              {count(row.amount)}
            </Behind>,
          ]),
        }}
      />
      {never && <p className="quiet">{t("points.never", { amount: count(never.amount) })}</p>}
    </div>
  );
}
