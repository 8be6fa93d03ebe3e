import { answer, api } from "@regulars/shared/api/client";
import { Chart } from "@regulars/shared/desk/chart/Chart";
import { count } from "@regulars/shared/format/numbers";
import { useSearchValue } from "@regulars/shared/url/search";
import { Segmented } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Behind } from "./Behind";
import { addressOf, type Bucket } from "./bucket";
import { type Cell, cohortOption } from "./cohortOption";
import { Defined } from "./Defined";
import { Downloads } from "./Downloads";
import { month, percent, SMALL } from "./numbers";
import type { Asked, Cohorts } from "./queries";
import { useColors } from "./useColors";

/** Each month's new customers and how many of them ordered again M months later: in just that month, or then or later. */
export function CohortsPanel({ asked, cohorts }: { asked: Asked; cohorts: Cohorts }) {
  const { t } = useTranslation("insights");
  const go = useNavigate();
  const colors = useColors();
  const [how, setHow] = useSearchValue("retention", "fixed");
  const kind = how === "rolling" ? "rolling" : "fixed";
  const [as, setAs] = useSearchValue("cells", "share");
  const counted = as === "count";
  const { cells } = cohorts;
  const option = useMemo(() => {
    const text = (cell: Cell) => (counted ? count(cell[kind]) : percent(cell[`${kind}_bp`]));
    const tip = (cell: Cell) =>
      t("cohorts.tip", {
        month: month(cell.month),
        after: cell.after,
        n: count(cell[kind]),
        of: count(cell.denominator),
        share: percent(cell[`${kind}_bp`]),
      });
    return cohortOption(cells, colors, { kind, text, tip });
  }, [cells, colors, kind, counted, t]);
  const bucket = (cell: Cell): Bucket => ({ ...asked, of: `retention_${kind}`, month: cell.month, after: cell.after });
  const months = [...new Set(cells.map((cell) => cell.month))].sort();
  const widest = Math.max(0, ...cells.map((cell) => cell.after));
  const across = Array.from({ length: widest + 1 }, (_, after) => after);
  return (
    <>
      <div className="insights-cohorts">
        <Chart
          title={t("cohorts.title")}
          option={option}
          height={Math.max(200, months.length * 32 + 34)}
          onPoint={({ index }) => {
            const cell = cells[index];
            if (cell?.[kind]) {
              void go(addressOf(bucket(cell)));
            }
          }}
          table={{
            columns: [t("column.cohort"), t("column.members"), ...across.map((after) => `M${after}`)],
            rows: months.map((first) => {
              const row = cells.filter((cell) => cell.month === first);
              return [
                month(first),
                count(row[0]?.denominator),
                ...across.map((after) => {
                  const cell = row.find((one) => one.after === after);
                  return cell ? (
                    <Behind key={after} bucket={cell[kind] ? bucket(cell) : null}>
                      {counted ? count(cell[kind]) : percent(cell[`${kind}_bp`])}
                    </Behind>
                  ) : (
                    ""
                  );
                }),
              ];
            }),
          }}
          extra={
            <>
              <Segmented
                size="small"
                aria-label={t("cohorts.kind")}
                value={kind}
                onChange={setHow}
                options={[
                  { value: "fixed", label: t("cohorts.fixed") },
                  { value: "rolling", label: t("cohorts.rolling") },
                ]}
              />
              <Segmented
                size="small"
                aria-label={t("cohorts.cells")}
                value={counted ? "count" : "share"}
                onChange={setAs}
                options={[
                  { value: "share", label: t("cohorts.share") },
                  { value: "count", label: t("cohorts.count") },
                ]}
              />
              <Defined metric={`retention_${kind}`} about={cohorts.about} />
              <Downloads
                what={t("cohorts.title")}
                name="cohorts"
                load={(format) =>
                  answer(api.GET("/v1/insights/cohorts", { params: { query: { ...asked, format } }, parseAs: "blob" }))
                }
              />
            </>
          }
        />
      </div>
      <p className="quiet">{t("cohorts.legend", { small: SMALL })}</p>
    </>
  );
}
