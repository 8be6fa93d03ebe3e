import { answer, api, type Row } from "@regulars/shared/api/client";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { Tag } from "@regulars/shared/desk/Tag";
import type { Column } from "@regulars/shared/desk/table/columns";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { day, instant } from "@regulars/shared/format/dates";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { GrantList } from "./GrantList";

export type Operator = Row<"/v1/operators", "get">;

/** Everybody who may sign in to the console. */
export function OperatorsTable() {
  const { t } = useTranslation("operators");
  const columns = useMemo<Column<Operator>[]>(
    () => [
      {
        key: "login",
        title: t("field.login"),
        always: true,
        width: 160,
        render: (one) => <Link to={`/operators/${one.id}`}>{one.login}</Link>,
      },
      { key: "name", title: t("field.name"), width: 180, render: (one) => one.name },
      { key: "grants", title: t("field.roles"), width: 260, render: (one) => <GrantList grants={one.grants} /> },
      { key: "state", title: t("field.state"), width: 130, render: (one) => <StateTag operator={one} /> },
      {
        key: "created_at",
        title: t("field.createdAt"),
        width: 130,
        render: (one) => <time title={instant(one.created_at)}>{day(one.created_at)}</time>,
      },
      { key: "id", title: t("field.id"), width: 290, hidden: true, render: (one) => <code>{one.id}</code> },
    ],
    [t],
  );
  const load = useCallback<LoadPage<Operator>>(
    ({ cursor, limit, signal }) =>
      answer(api.GET("/v1/operators", { params: { query: { limit, ...(cursor ? { cursor } : {}) } }, signal })),
    [],
  );
  return (
    <DataTable
      id="operators"
      label={t("tab.people")}
      columns={columns}
      rowKey={(one) => one.id}
      queryKey={["operators", "list"]}
      load={load}
      never={<NeverAny text={t("people.never")} />}
    />
  );
}

/** Whether somebody may sign in, as a coloured word. */
export function StateTag({ operator }: { operator: Operator }) {
  const { t } = useTranslation("operators");
  if (operator.state === "disabled") {
    return <Tag tone="bad">{t("state.disabled")}</Tag>;
  }
  return operator.must_change_password ? (
    <Tag tone="warn">{t("state.invited")}</Tag>
  ) : (
    <Tag tone="good">{t("state.active")}</Tag>
  );
}
