import "./orders.css";
import { Tag } from "@regulars/shared/desk/Tag";
import type { Column } from "@regulars/shared/desk/table/columns";
import { Who } from "@regulars/shared/desk/Who";
import { ago, instant } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Import, isLive, partOf, quarantined, type State, TONES } from "./imports";

/** The columns of the list of imports. */
export function useImportColumns(): readonly Column<Import>[] {
  const { t } = useTranslation("orders");
  return useMemo(
    () => [
      {
        key: "file",
        title: t("field.file"),
        always: true,
        width: 260,
        render: (one) => <Link to={`/imports/${one.id}`}>{one.name || one.id}</Link>,
      },
      { key: "state", title: t("field.state"), width: 150, render: (one) => <StateTag state={one.state} /> },
      { key: "rows", title: t("field.rows"), width: 120, numeric: true, render: (one) => count(one.total) },
      { key: "done", title: t("field.done"), width: 150, numeric: true, render: (one) => <Done one={one} /> },
      {
        key: "quarantined",
        title: t("field.quarantined"),
        width: 120,
        numeric: true,
        render: (one) =>
          quarantined(one) > 0 ? (
            <Link to={`/imports/${one.id}/quarantine`}>{count(quarantined(one))}</Link>
          ) : (
            count(one.started_at ? 0 : null)
          ),
      },
      {
        key: "asked_at",
        title: t("field.askedAt"),
        width: 150,
        render: (one) => <time title={instant(one.asked_at)}>{ago(one.asked_at)}</time>,
      },
      {
        key: "finished_at",
        title: t("field.finishedAt"),
        width: 160,
        hidden: true,
        render: (one) => (one.finished_at ? <time>{instant(one.finished_at)}</time> : NONE),
      },
      {
        key: "asked_by",
        title: t("field.askedBy"),
        width: 150,
        render: (one) => <Who id={one.asked_by} nobody={t("who.commandLine")} />,
      },
      { key: "id", title: t("field.id"), width: 290, hidden: true, render: (one) => <code>{one.id}</code> },
    ],
    [t],
  );
}

/** An import's state as a coloured word. */
export function StateTag({ state }: { state: State }) {
  const { t } = useTranslation("orders");
  return <Tag tone={TONES[state]}>{t(`state.${state}`)}</Tag>;
}

function Done({ one }: { one: Import }) {
  if (one.started_at === null) {
    return <>{NONE}</>;
  }
  return (
    <span className="orders-done">
      {isLive(one) && one.total !== null && (
        <span className="orders-mini" aria-hidden="true">
          <span style={{ inlineSize: `${partOf(one.done, one.total) * 100}%` }} />
        </span>
      )}
      {count(one.done)}
    </span>
  );
}
