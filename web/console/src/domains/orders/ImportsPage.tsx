import { PlusOutlined } from "@ant-design/icons";
import { answer, api } from "@regulars/shared/api/client";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage, RowsPage } from "@regulars/shared/desk/table/usePages";
import { useMay } from "@regulars/shared/session/session";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useImportColumns } from "./columns";
import { type Import, isLive } from "./imports";

const KEY = ["orders", "imports"] as const;
const EVERY_MS = 3000;

/** Every file that was imported, newest first; those under way move while one looks. */
export default function ImportsPage() {
  const { t } = useTranslation("orders");
  const may = useMay();
  const columns = useImportColumns();
  useLive();
  const load = useCallback<LoadPage<Import>>(
    ({ cursor, limit, signal }) =>
      answer(api.GET("/v1/imports", { params: { query: { limit, ...(cursor ? { cursor } : {}) } }, signal })),
    [],
  );
  return (
    <Page title={t("list.title")} lead={t("list.lead")} actions={may("imports.run") && <NewImport />}>
      <Panel>
        <DataTable
          id="imports"
          label={t("list.title")}
          columns={columns}
          rowKey={(one) => one.id}
          queryKey={KEY}
          load={load}
          never={<NeverAny text={t("list.never")} action={may("imports.run") && <NewImport />} />}
        />
      </Panel>
    </Page>
  );
}

function NewImport() {
  const { t } = useTranslation("orders");
  const navigate = useNavigate();
  return (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => navigate("/imports/new")}>
      {t("new.title")}
    </Button>
  );
}

/** The list is asked for again while an import of it goes on and somebody looks. */
function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    const timer = setInterval(() => {
      const pages = client.getQueriesData<RowsPage<Import>>({ queryKey: KEY, type: "active" });
      if (!document.hidden && pages.some(([, page]) => page?.items.some(isLive))) {
        void client.invalidateQueries({ queryKey: KEY });
      }
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [client]);
}
