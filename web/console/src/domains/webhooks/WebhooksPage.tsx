import { answer, api } from "@regulars/shared/api/client";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { useMay } from "@regulars/shared/session/session";
import { Button } from "antd";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { EndpointForm } from "./EndpointForm";
import { useEndpointColumns } from "./endpointColumns";
import type { Endpoint } from "./webhooks";
import "./webhooks.css";

/** Other systems that are told what happens, and how that goes. */
export default function WebhooksPage() {
  const { t } = useTranslation("webhooks");
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const columns = useEndpointColumns();
  const load = useCallback<LoadPage<Endpoint>>(
    ({ cursor, limit, signal }) =>
      answer(
        api.GET("/v1/webhooks/endpoints", { params: { query: { limit, ...(cursor ? { cursor } : {}) } }, signal }),
      ),
    [],
  );
  const actions = (
    <>
      <Link to="/webhooks/types">{t("types.title")}</Link>
      {may("webhooks.write") && (
        <Button type="primary" onClick={() => setAdding(true)}>
          {t("form.add")}
        </Button>
      )}
    </>
  );
  return (
    <Page title={t("list.title")} lead={t("list.lead")} actions={actions}>
      <Panel>
        <DataTable
          id="webhooks"
          label={t("list.title")}
          columns={columns}
          rowKey={(endpoint) => endpoint.id}
          queryKey={["webhooks", "endpoints"]}
          load={load}
          never={<NeverAny text={t("list.never")} />}
        />
      </Panel>
      {adding && <EndpointForm onClose={() => setAdding(false)} />}
    </Page>
  );
}
