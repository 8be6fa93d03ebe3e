import { answer, api } from "@regulars/shared/api/client";
import { Panel } from "@regulars/shared/desk/Page";
import { count } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useSearchValue } from "@regulars/shared/url/search";
import { Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { Downloads } from "./Downloads";
import { DueChart } from "./DueChart";
import { Figure } from "./Figure";
import { comparable, figureOf, windowOf } from "./figures";
import { MovesChart } from "./MovesChart";
import type { Overview, Points } from "./queries";

const NAMES = ["points_issued", "points_spent", "points_expired", "points_outstanding"] as const;

/** Points of one kind: issued, spent, expired, outstanding, month by month, and what lapses next. */
export function PointsPanel({ answer: overview, points }: { answer: Overview; points: Points }) {
  const { t } = useTranslation("insights");
  const plan = usePlan();
  const used = [...new Set(points.months.filter((row) => row.outstanding || row.issued).map((row) => row.unit))];
  const known = Object.keys(plan?.units ?? {}).filter((unit) => used.includes(unit));
  const units = [...known, ...used.filter((unit) => !known.includes(unit))];
  const [unit, setUnit] = useSearchValue("unit", units[0] ?? "");
  if (units.length === 0) {
    return (
      <Panel title={t("points.title")}>
        <p className="quiet">{t("points.none")}</p>
      </Panel>
    );
  }
  const months = points.months.filter((row) => row.unit === unit);
  const due = points.due.filter((row) => row.unit === unit);
  const window = windowOf(overview);
  return (
    <Panel
      title={t("points.title")}
      extra={
        <span className="insights-tools">
          {units.length > 1 && (
            <Segmented
              size="small"
              aria-label={t("points.unit")}
              value={unit}
              onChange={setUnit}
              options={units.map((value) => ({ value, label: said(plan?.units[value]) || value }))}
            />
          )}
          <Downloads
            what={t("points.title")}
            name="points"
            load={(format) =>
              answer(api.GET("/v1/insights/points", { params: { query: { format } }, parseAs: "blob" }))
            }
          />
        </span>
      }
    >
      <div className="insights-figures insights-figures-inside">
        {NAMES.map((metric) => {
          const row = figureOf(overview, metric, { unit });
          const now = metric === "points_outstanding";
          return (
            <Figure
              key={metric}
              label={t(`figure.${metric}`)}
              metric={metric}
              about={overview.about}
              value={count(row?.value)}
              bucket={row?.value ? { of: metric, unit, ...(now ? {} : window) } : null}
              now={row?.value ?? null}
              before={row?.before ?? null}
              beforeText={count(row?.before)}
              compared={comparable(overview)}
            />
          );
        })}
      </div>
      <div className="insights-pair">
        <MovesChart about={points.about} unit={unit} rows={months} />
        <DueChart about={points.about} unit={unit} rows={due} />
      </div>
    </Panel>
  );
}
