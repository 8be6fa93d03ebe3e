import { Chart } from "@regulars/shared/desk/chart/Chart";
import { count } from "@regulars/shared/format/numbers";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Behind } from "./Behind";
import { addressOf } from "./bucket";
import { Defined } from "./Defined";
import { month } from "./numbers";
import { MOVES, movesOption } from "./pointsOption";
import type { About, Points } from "./queries";
import { useColors } from "./useColors";

type Props = { about: About; unit: string; rows: Points["months"] };

/** Points by month: what came and what went. */
export function MovesChart({ about, unit, rows }: Props) {
  const { t } = useTranslation("insights");
  const go = useNavigate();
  const colors = useColors();
  const names = useMemo(
    () => ({
      issued: t("figure.points_issued"),
      spent: t("figure.points_spent"),
      expired: t("figure.points_expired"),
      reversed: t("figure.points_reversed"),
      outstanding: t("figure.points_outstanding"),
    }),
    [t],
  );
  const option = useMemo(() => movesOption(rows, colors, names), [rows, colors, names]);
  const bucket = (move: (typeof MOVES)[number], of: string) => ({ of: `points_${move}`, unit, month: of }) as const;
  return (
    <Chart
      title={t("points.byMonth")}
      option={option}
      height={260}
      extra={<Defined metric="points_outstanding" about={about} />}
      onPoint={({ series, index }) => {
        const move = MOVES.find((one) => names[one] === series);
        const of = rows[index]?.month;
        if (move && of) {
          void go(addressOf(bucket(move, of)));
        }
      }}
      table={{
        columns: [t("column.month"), ...MOVES.map((move) => names[move]), names.outstanding],
        rows: rows.map((row) => [
          month(row.month),
          ...MOVES.map((move) => (
            <Behind key={move} bucket={row[move] ? bucket(move, row.month) : null}>
              {count(row[move])}
            </Behind>
          )),
          count(row.outstanding),
        ]),
      }}
    />
  );
}
