import "./orders.css";
import type { Row } from "@regulars/shared/api/client";
import { Tag } from "@regulars/shared/desk/Tag";
import type { Column } from "@regulars/shared/desk/table/columns";
import { count, NONE } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

export type Quarantined = Row<"/v1/imports/{run}/quarantine", "get">;

/** The columns of what was not taken. */
export function useQuarantineColumns(): readonly Column<Quarantined>[] {
  const { t } = useTranslation("orders");
  return useMemo(
    () => [
      {
        key: "line",
        title: t("field.line"),
        always: true,
        numeric: true,
        width: 100,
        render: (row) => count(row.line),
      },
      {
        key: "field",
        title: t("field.field"),
        width: 150,
        render: (row) => (row.label ? said(row.label) : row.field || t("quarantine.wholeRow")),
      },
      { key: "value", title: t("field.value"), width: 220, render: (row) => <Value value={row.value} /> },
      { key: "wrong", title: t("field.reason"), width: 280, render: (row) => said(row.wrong) },
      {
        key: "expected",
        title: t("field.expected"),
        width: 240,
        render: (row) => (row.expected ? said(row.expected) : NONE),
      },
      {
        key: "kept",
        title: t("field.outcome"),
        width: 170,
        render: (row) =>
          row.kept ? (
            <Tag tone="warn">{t("quarantine.valueLeft")}</Tag>
          ) : (
            <Tag tone="bad">{t("quarantine.rowLeft")}</Tag>
          ),
      },
      { key: "code", title: t("field.code"), width: 200, hidden: true, render: (row) => <code>{row.reason}</code> },
    ],
    [t],
  );
}

/** What stood there: hidden, empty, or as it was, blanks included. */
function Value({ value }: { value: string | null }) {
  const { t } = useTranslation("orders");
  if (value === null) {
    return <span className="quiet">{t("quarantine.hiddenValue")}</span>;
  }
  return value === "" ? (
    <span className="quiet">{t("quarantine.empty")}</span>
  ) : (
    <span className="orders-value">{value}</span>
  );
}
