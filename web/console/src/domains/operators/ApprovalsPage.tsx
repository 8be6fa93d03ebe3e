import { answer, api, type Row } from "@regulars/shared/api/client";
import { FilterBar } from "@regulars/shared/desk/filters/FilterBar";
import type { Filter } from "@regulars/shared/desk/filters/filters";
import { useFilters } from "@regulars/shared/desk/filters/useFilters";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import type { Column } from "@regulars/shared/desk/table/columns";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { ago, instant } from "@regulars/shared/format/dates";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ApprovalState } from "./ApprovalState";
import { STATES, type State } from "./approvals";
import "./operators.css";
import { Who } from "@regulars/shared/desk/Who";

type Approval = Row<"/v1/approvals", "get">;

/** What waits, or waited, for a second person. */
export default function ApprovalsPage() {
  const { t } = useTranslation("operators");
  const filters = useMemo<readonly Filter[]>(
    () => [
      {
        kind: "choice",
        name: "state",
        label: t("field.state"),
        options: STATES.map((value) => ({ value, label: t(`approvalState.${value}`) })),
      },
    ],
    [t],
  );
  const { values, set, clear, sentence } = useFilters(filters);
  const columns = useMemo<Column<Approval>[]>(
    () => [
      {
        key: "kind",
        title: t("approvals.kind"),
        always: true,
        width: 200,
        render: (one) => <Link to={`/approvals/${one.id}`}>{t(`kind.${one.kind}`, { defaultValue: one.kind })}</Link>,
      },
      { key: "state", title: t("field.state"), width: 120, render: (one) => <ApprovalState state={one.state} /> },
      { key: "reason", title: t("field.reason"), width: 260, render: (one) => one.reason },
      { key: "asked_by", title: t("approvals.askedBy"), width: 140, render: (one) => <Who id={one.asked_by} /> },
      {
        key: "asked_at",
        title: t("approvals.askedAt"),
        width: 130,
        render: (one) => <time title={instant(one.asked_at)}>{ago(one.asked_at)}</time>,
      },
      {
        key: "expires_at",
        title: t("approvals.expiresAt"),
        width: 150,
        render: (one) => <span className="num">{instant(one.expires_at)}</span>,
      },
    ],
    [t],
  );
  const state = values.state as State | undefined;
  const load = useCallback<LoadPage<Approval>>(
    ({ cursor, limit, signal }) => {
      const query = { limit, ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) };
      return answer(api.GET("/v1/approvals", { params: { query }, signal }));
    },
    [state],
  );
  return (
    <Page title={t("approvals.title")} lead={t("approvals.lead")}>
      <FilterBar filters={filters} values={values} onChange={set} />
      <Panel>
        <DataTable
          id="approvals"
          label={t("approvals.title")}
          columns={columns}
          rowKey={(one) => one.id}
          queryKey={["operators", "approvals", values]}
          load={load}
          filters={sentence}
          onClearFilters={clear}
          never={<NeverAny text={t("approvals.never")} />}
        />
      </Panel>
    </Page>
  );
}
