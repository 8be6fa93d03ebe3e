import { Panel } from "@regulars/shared/desk/Page";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import type { Choices, Preview } from "./wish";

type Obstacle = Preview["problems"][number];

/** What stands in the way of an import, and which of the first rows would not be taken, by field. */
export function Findings({ preview, choices }: { preview: Preview; choices: Choices }) {
  const { t } = useTranslation("orders");
  const text = useObstacleText(choices);
  return (
    <Panel title={t("findings.title")}>
      <div className="orders-findings" role="status">
        {preview.problems.map((problem) => (
          <Alert key={problem.code} type="error" showIcon title={text(problem)} />
        ))}
        {preview.ready && preview.warnings.length === 0 && (
          <Alert type="success" showIcon title={t("findings.good", { count: preview.looked_at })} />
        )}
        {preview.warnings.length > 0 && (
          <>
            <p className="quiet">{t("findings.some", { count: preview.looked_at })}</p>
            <ul className="orders-warnings">
              {preview.warnings.map((warned) => (
                <li key={`${warned.code} ${warned.field}`}>
                  <span>
                    {fieldName(choices, warned.field) && <strong>{fieldName(choices, warned.field)} </strong>}
                    {said(warned.text)}
                    <span className="quiet">
                      {warned.value === ""
                        ? t("findings.firstAt", { line: count(warned.line) })
                        : t("findings.first", { line: count(warned.line), value: warned.value })}
                    </span>
                  </span>
                  <span className="num">{t("findings.rows", { count: warned.rows })}</span>
                </li>
              ))}
            </ul>
          </>
        )}
        {preview.refunds > 0 && <p className="quiet">{t("findings.refunds", { count: preview.refunds })}</p>}
        {preview.adjustments > 0 && (
          <p className="quiet">{t("findings.adjustments", { count: preview.adjustments })}</p>
        )}
      </div>
    </Panel>
  );
}

function fieldName(choices: Choices, field: string): string {
  const known = choices.fields.find((one) => one.field === field);
  return known ? said(known) : field;
}

/** The obstacle in words of this screen where the server's are those of the command line. */
function useObstacleText(choices: Choices): (problem: Obstacle) => string {
  const { t } = useTranslation("orders");
  return (problem) => {
    const datum = (name: string) => String(problem.data[name] ?? "");
    switch (problem.code) {
      case "import.column_needed":
        return t("obstacle.columnNeeded", { field: fieldName(choices, datum("field")) });
      case "import.dates_ambiguous":
        return t("obstacle.datesAmbiguous", { column: datum("column"), value: datum("value") });
      case "import.dates_unknown":
        return t("obstacle.datesUnknown", { column: datum("column"), value: datum("value") });
      default:
        return said(problem.text);
    }
  };
}
