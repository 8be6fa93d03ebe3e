import { answer, api, type Row as RowOf } from "@regulars/shared/api/client";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import type { Column } from "@regulars/shared/desk/table/columns";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { Why } from "@regulars/shared/desk/why/Why";
import { day, instant } from "@regulars/shared/format/dates";
import { NONE, signed } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";

type Row = RowOf<"/v1/members/{member}/journal", "get">;

/** Every change of the member's points and growth, newest first, each with its reason. */
export function LedgerTab({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const plan = usePlan();
  const columns = useMemo<Column<Row>[]>(
    () => [
      { key: "at", title: t("ledger.at"), width: 150, always: true, render: (row) => <time>{instant(row.at)}</time> },
      { key: "why", title: t("ledger.why"), width: 300, always: true, render: (row) => <Why row={row} /> },
      { key: "unit", title: t("ledger.unit"), width: 90, render: (row) => said(plan?.units[row.unit]) || row.unit },
      {
        key: "amount",
        title: t("ledger.amount"),
        width: 90,
        numeric: true,
        always: true,
        render: (row) => signed(row.amount),
      },
      {
        key: "expires_at",
        title: t("ledger.expiresAt"),
        width: 110,
        render: (row) => (row.expires_at ? day(row.expires_at) : NONE),
      },
      {
        key: "recorded_at",
        title: t("ledger.recordedAt"),
        width: 150,
        hidden: true,
        render: (row) => instant(row.recorded_at),
      },
      { key: "actor", title: t("ledger.actor"), width: 160, hidden: true, render: (row) => row.actor },
    ],
    [t, plan],
  );
  const load = useCallback<LoadPage<Row>>(
    ({ cursor, limit, signal }) =>
      answer(
        api.GET("/v1/members/{member}/journal", {
          params: { path: { member }, query: { limit, ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      ),
    [member],
  );
  return (
    <DataTable
      id="member-ledger"
      label={t("tab.ledger")}
      columns={columns}
      rowKey={(row) => `${row.seq}.${row.n}`}
      queryKey={["members", "journal", member]}
      load={load}
      never={<NeverAny text={t("ledger.never")} />}
    />
  );
}
