import { answer, api, type Row as RowOf } from "@regulars/shared/api/client";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import type { Column } from "@regulars/shared/desk/table/columns";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count, NONE } from "@regulars/shared/format/numbers";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";

type Order = RowOf<"/v1/members/{member}/orders", "get">;

/** What the member bought, newest first. */
export function OrdersTab({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const columns = useMemo<Column<Order>[]>(
    () => [
      {
        key: "number",
        title: t("orders.number"),
        width: 140,
        always: true,
        render: (order) => <span className="num">{order.number}</span>,
      },
      { key: "paid_at", title: t("orders.paidAt"), width: 160, render: (order) => instant(order.paid_at) },
      {
        key: "lines",
        title: t("orders.lines"),
        width: 90,
        numeric: true,
        render: (order) => count(order.lines.length),
      },
      {
        key: "total",
        title: t("orders.total"),
        width: 130,
        numeric: true,
        render: (order) => money(order.total, order.currency),
      },
      {
        key: "refunded",
        title: t("orders.refunded"),
        width: 130,
        numeric: true,
        render: (order) => (order.refunded ? money(order.refunded, order.currency) : NONE),
      },
      { key: "store", title: t("field.store"), width: 120, render: (order) => order.store || NONE },
      {
        key: "channel",
        title: t("orders.channel"),
        width: 120,
        hidden: true,
        render: (order) => order.channel || NONE,
      },
    ],
    [t],
  );
  const load = useCallback<LoadPage<Order>>(
    ({ cursor, limit, signal }) =>
      answer(
        api.GET("/v1/members/{member}/orders", {
          params: { path: { member }, query: { limit, ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      ),
    [member],
  );
  return (
    <DataTable
      id="member-orders"
      label={t("tab.orders")}
      columns={columns}
      rowKey={(order) => order.id}
      queryKey={["members", "orders", member]}
      load={load}
      never={<NeverAny text={t("orders.never")} />}
    />
  );
}
