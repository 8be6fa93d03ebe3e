import { NeverAny } from "@regulars/shared/desk/states/Empties";
import type { Column } from "@regulars/shared/desk/table/columns";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count, NONE, signed } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useSearchValue } from "@regulars/shared/url/search";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Bought, bought, earnedOf } from "./bought";
import { OrderDrawer } from "./OrderDrawer";
import { useStores } from "./useStores";

/** What the member bought and what each order earned, newest first; an order opens with its lines. */
export function OrdersTab({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const client = useQueryClient();
  const [opened, open] = useSearchValue("order", "");
  const columns = useOrderColumns();
  const load = useCallback<LoadPage<Bought>>(
    async (asked) => {
      const page = await bought(member, asked);
      for (const order of page.items) {
        client.setQueryData(["members", "bought", order.id], order);
      }
      return page;
    },
    [member, client],
  );
  return (
    <>
      <DataTable
        id="member-orders"
        label={t("tab.orders")}
        columns={columns}
        rowKey={(order) => order.id}
        queryKey={["members", "orders", member]}
        load={load}
        never={<NeverAny text={t("orders.never")} />}
      />
      <OrderDrawer order={opened} onClose={() => open("")} />
    </>
  );
}

function useOrderColumns(): Column<Bought>[] {
  const { t } = useTranslation("members");
  const plan = usePlan();
  const { storeOf } = useStores();
  return useMemo<Column<Bought>[]>(
    () => [
      {
        key: "number",
        title: t("orders.number"),
        width: 95,
        always: true,
        render: (order) => (
          <Link to={`?tab=orders&order=${order.id}`} className="num">
            {order.number}
          </Link>
        ),
      },
      { key: "paid_at", title: t("orders.paidAt"), width: 150, render: (order) => instant(order.paid_at) },
      { key: "lines", title: t("orders.lines"), width: 65, numeric: true, render: (order) => count(order.lines) },
      {
        key: "total",
        title: t("orders.total"),
        width: 105,
        numeric: true,
        render: (order) => money(order.total, order.currency),
      },
      {
        key: "refunded",
        title: t("orders.refunded"),
        width: 100,
        numeric: true,
        render: (order) => (order.refunded ? money(order.refunded, order.currency) : NONE),
      },
      ...Object.entries(plan?.units ?? {}).map(([unit, label]) => ({
        key: `earned.${unit}`,
        title: t("orders.earned", { unit: said(label) }),
        width: 120,
        numeric: true,
        render: (order: Bought) => {
          const earned = earnedOf(order, unit);
          return earned === null ? NONE : signed(earned);
        },
      })),
      {
        key: "store",
        title: t("field.store"),
        width: 100,
        render: (order) => (order.store ? storeOf(order.store) : NONE),
      },
      {
        key: "channel",
        title: t("orders.channel"),
        width: 120,
        hidden: true,
        render: (order) => order.channel || NONE,
      },
      { key: "source", title: t("orders.source"), width: 140, hidden: true, render: (order) => order.source },
    ],
    [t, plan, storeOf],
  );
}
