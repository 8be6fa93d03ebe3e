import { answer, api } from "@regulars/shared/api/client";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { count } from "@regulars/shared/format/numbers";
import { useMay } from "@regulars/shared/session/session";
import { useSearchValue, useSearchValues } from "@regulars/shared/url/search";
import { useQueryClient } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { isOrderState, ORDER_STATES, type OrderState, type RewardOrder } from "./goods";
import { type Called, withNames } from "./names";
import { OrderDrawer } from "./OrderDrawer";
import { useOrderColumns } from "./orderColumns";

/** Reward orders by the state they are in, the oldest first: what is still to be sent. One opens beside the list. */
export function OrdersTab() {
  const { t } = useTranslation("goods");
  const may = useMay();
  const client = useQueryClient();
  const [{ state: typed }, set] = useSearchValues(["state"]);
  const state: OrderState = isOrderState(typed) ? typed : "placed";
  const [order, setOrder] = useSearchValue("order", "");
  const [counts, setCounts] = useState<Record<string, number>>({});
  const columns = useOrderColumns(setOrder);
  const load = useCallback<LoadPage<Called<RewardOrder>>>(
    async ({ cursor, limit, signal }) => {
      const query = { state, limit, ...(cursor ? { cursor } : {}) };
      const page = await answer(api.GET("/v1/reward-orders", { params: { query }, signal }));
      setCounts(page.counts);
      return { items: await withNames(page.items, may, signal), next: page.next };
    },
    [state, may],
  );
  const label = (one: OrderState) => {
    const many = counts[one];
    return many === undefined
      ? t(`orderState.${one}`)
      : t("orders.stateCount", { state: t(`orderState.${one}`), count: count(many) });
  };
  return (
    <div className="goods-stack">
      <div className="goods-scroll">
        <Segmented
          aria-label={t("held.state")}
          value={state}
          options={ORDER_STATES.map((value) => ({ value, label: label(value) }))}
          onChange={(next) => set(next === "placed" ? {} : { state: next })}
        />
      </div>
      <DataTable
        id="reward-orders"
        label={t("tab.orders")}
        columns={columns}
        rowKey={(one) => one.id}
        queryKey={["goods", "orders", state]}
        load={load}
        never={<NeverAny title={t(`orders.none.${state}`)} text={t("orders.never")} />}
      />
      <OrderDrawer
        order={order}
        onClose={() => setOrder("")}
        onMoved={() => void client.invalidateQueries({ queryKey: ["goods"] })}
      />
    </div>
  );
}
