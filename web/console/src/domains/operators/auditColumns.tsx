import type { Column } from "@regulars/shared/desk/table/columns";
import { Who } from "@regulars/shared/desk/Who";
import { instant } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { type AuditRow, differences } from "./auditing";
import { DiffLine } from "./DiffLine";

const FIRST = 2;

/** The columns of the audit log. */
export function useAuditColumns(): readonly Column<AuditRow>[] {
  const { t } = useTranslation("operators");
  return useMemo(
    () => [
      { key: "at", title: t("audit.at"), always: true, width: 150, render: (row) => <RowLink row={row} /> },
      { key: "actor", title: t("audit.by"), width: 120, render: (row) => <Who id={row.actor} /> },
      {
        key: "action",
        title: t("audit.action"),
        always: true,
        width: 150,
        render: (row) => t(`action.${row.action}`, { defaultValue: row.action }),
      },
      { key: "entity", title: t("audit.entity"), width: 140, render: (row) => <Entity id={row.entity} /> },
      { key: "changes", title: t("audit.changes"), width: 290, render: (row) => <Changes row={row} /> },
      { key: "reason", title: t("field.reason"), width: 160, render: (row) => row.reason || NONE },
      {
        key: "no",
        title: t("audit.no"),
        width: 100,
        numeric: true,
        render: (row) => (row.no === null ? <span className="quiet">{t("audit.unsealed")}</span> : count(row.no)),
      },
    ],
    [t],
  );
}

function RowLink({ row }: { row: AuditRow }) {
  const [params] = useSearchParams();
  const to = new URLSearchParams(params);
  to.set("row", row.id);
  return (
    <Link to={`?${to}`} className="num">
      {instant(row.at)}
    </Link>
  );
}

const PAGES: Record<string, string> = { mbr: "/members/", opr: "/operators/", apr: "/approvals/" };

/** What it was done to, as a link where there is a page for it. */
export function Entity({ id }: { id: string }) {
  const [kind = "", key] = id.split("_");
  const page = PAGES[kind];
  const short = <code title={id}>{key && key.length > 12 ? `${kind}_…${key.slice(-6)}` : id}</code>;
  return page && key ? <Link to={`${page}${id}`}>{short}</Link> : short;
}

function Changes({ row }: { row: AuditRow }) {
  const { t } = useTranslation("operators");
  const all = differences(row);
  if (all.length === 0) {
    return NONE;
  }
  return (
    <ul className="operators-diff">
      {all.slice(0, FIRST).map((one) => (
        <li key={one.field}>
          <DiffLine difference={one} />
        </li>
      ))}
      {all.length > FIRST && <li className="quiet">{t("audit.more", { count: all.length - FIRST })}</li>}
    </ul>
  );
}
