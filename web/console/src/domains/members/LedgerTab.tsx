import { answer, api, type Row as RowOf } from "@regulars/shared/api/client";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import type { Column } from "@regulars/shared/desk/table/columns";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { Why } from "@regulars/shared/desk/why/Why";
import { day, instant } from "@regulars/shared/format/dates";
import { changeOf, moved, NONE } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useSearchValues } from "@regulars/shared/url/search";
import { Segmented } from "antd";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useUnits } from "./actions/units";
import { Lots } from "./Lots";
import type { Wallet } from "./people";

type Row = RowOf<"/v1/members/{member}/journal", "get">;

/** Every change of the member's points and growth, newest first, each with its reason; above, the lots that are left of them. */
export function LedgerTab({ member, wallets }: { member: string; wallets: readonly Wallet[] }) {
  const { t } = useTranslation("members");
  const [{ unit = "" }, set] = useSearchValues(["unit"]);
  const columns = useLedgerColumns();
  const load = useCallback<LoadPage<Row>>(
    ({ cursor, limit, signal }) =>
      answer(
        api.GET("/v1/members/{member}/journal", {
          params: {
            path: { member },
            query: { limit, ...(unit ? { unit } : {}), ...(cursor ? { cursor } : {}) },
          },
          signal,
        }),
      ),
    [member, unit],
  );
  const wallet = wallets.find((one) => one.unit === unit);
  const file = `/v1/people/${member}/ledger?${new URLSearchParams({ ...(unit ? { unit } : {}) })}&format=`;
  return (
    <>
      {wallets.length > 1 && (
        <Segmented
          aria-label={t("ledger.unit")}
          value={unit}
          options={[
            { value: "", label: t("ledger.allUnits") },
            ...wallets.map((one) => ({ value: one.unit, label: said(one.label) })),
          ]}
          onChange={(next) => set({ unit: next })}
        />
      )}
      {wallet && wallet.lots.length + wallet.releasing.length > 0 && (
        <details className="members-lots" open>
          <summary>{t("points.lots", { count: wallet.lots.length + wallet.releasing.length })}</summary>
          <Lots wallet={wallet} />
        </details>
      )}
      <DataTable
        id="member-ledger"
        label={t("tab.ledger")}
        columns={columns}
        rowKey={(row) => `${row.seq}.${row.n}`}
        queryKey={["members", "journal", member, unit]}
        load={load}
        filters={wallet ? said(wallet.label) : unit}
        onClearFilters={() => set({})}
        exports={{ csv: `${file}csv`, xlsx: `${file}xlsx` }}
        never={<NeverAny text={t("ledger.never")} />}
      />
    </>
  );
}

function useLedgerColumns(): Column<Row>[] {
  const { t } = useTranslation("members");
  const plan = usePlan();
  const { isMoney, show } = useUnits();
  return useMemo<Column<Row>[]>(
    () => [
      { key: "at", title: t("ledger.at"), width: 140, always: true, render: (row) => <time>{instant(row.at)}</time> },
      { key: "why", title: t("ledger.why"), width: 320, always: true, render: (row) => <Why row={row} /> },
      { key: "unit", title: t("ledger.unit"), width: 90, render: (row) => said(plan?.units[row.unit]) || row.unit },
      {
        key: "amount",
        title: t("ledger.amount"),
        width: 90,
        numeric: true,
        always: true,
        render: (row) => (
          <span className={changeOf(row) > 0 ? "members-gain" : ""}>
            {isMoney(row.unit)
              ? `${changeOf(row) > 0 ? "+" : ""}${show(row.unit, changeOf(row) || row.amount)}`
              : moved(row)}
          </span>
        ),
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
    [t, plan, isMoney, show],
  );
}
