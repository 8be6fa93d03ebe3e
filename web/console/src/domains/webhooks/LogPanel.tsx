import { answer, api } from "@regulars/shared/api/client";
import { FilterBar } from "@regulars/shared/desk/filters/FilterBar";
import type { Filter } from "@regulars/shared/desk/filters/filters";
import { useFilters } from "@regulars/shared/desk/filters/useFilters";
import { Panel } from "@regulars/shared/desk/Page";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { useSearchValue } from "@regulars/shared/url/search";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { DeliveryDrawer } from "./DeliveryDrawer";
import { useDeliveryColumns } from "./deliveryColumns";
import { type Delivery, type Endpoint, isState, STATES, useTypes } from "./webhooks";

/** Everything that was to be sent to an endpoint, newest first. */
export function LogPanel({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation("webhooks");
  const filters = useLogFilters();
  const { values, set, clear, sentence } = useFilters(filters);
  const [message, setMessage] = useSearchValue("message", "");
  const { search } = useLocation();
  const opened = useCallback(
    (delivery: Delivery) => {
      const next = new URLSearchParams(search);
      next.set("message", delivery.message);
      return `?${next}`;
    },
    [search],
  );
  const columns = useDeliveryColumns(opened);
  const load = useCallback<LoadPage<Delivery>>(
    ({ cursor, limit, signal }) => {
      const { state, type } = values;
      const query = {
        limit,
        ...(cursor ? { cursor } : {}),
        ...(isState(state) ? { state } : {}),
        ...(type ? { type } : {}),
      };
      const params = { path: { endpoint: endpoint.id }, query };
      return answer(api.GET("/v1/webhooks/endpoints/{endpoint}/deliveries", { params, signal }));
    },
    [values, endpoint.id],
  );
  return (
    <Panel title={t("log.title")}>
      <FilterBar filters={filters} values={values} onChange={set} />
      <DataTable
        id="webhook-log"
        label={t("log.title")}
        columns={columns}
        rowKey={(delivery) => delivery.message}
        queryKey={["webhooks", "log", endpoint.id, values]}
        load={load}
        filters={sentence}
        onClearFilters={clear}
        never={<NeverAny text={t("log.never")} />}
      />
      <DeliveryDrawer endpoint={endpoint} message={message} onClose={() => setMessage("")} />
    </Panel>
  );
}

function useLogFilters(): readonly Filter[] {
  const { t } = useTranslation("webhooks");
  const types = useTypes().data;
  return useMemo(
    () => [
      {
        kind: "choice",
        name: "state",
        label: t("field.state"),
        options: STATES.map((value) => ({ value, label: t(`delivery.${value}`) })),
      },
      {
        kind: "choice",
        name: "type",
        label: t("field.type"),
        options: (types ?? []).map(({ type }) => ({ value: type, label: type })),
      },
    ],
    [t, types],
  );
}
