import { answer, api } from "@regulars/shared/api/client";
import { FilterBar } from "@regulars/shared/desk/filters/FilterBar";
import { useFilters } from "@regulars/shared/desk/filters/useFilters";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { useSearchValue } from "@regulars/shared/url/search";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { AuditDrawer } from "./AuditDrawer";
import { useAuditColumns } from "./auditColumns";
import { type AuditRow, useAuditFilters } from "./auditing";
import { ChainBadge } from "./ChainBadge";
import "./operators.css";

/** Who did what, when and why, newest first; and whether the log is as it was written. */
export default function AuditPage() {
  const { t } = useTranslation("operators");
  const filters = useAuditFilters();
  const { values, set, clear, sentence } = useFilters(filters);
  const [row, setRow] = useSearchValue("row", "");
  const client = useQueryClient();
  const columns = useAuditColumns();
  const load = useCallback<LoadPage<AuditRow>>(
    async ({ cursor, limit, signal }) => {
      const query = { ...values, limit, ...(cursor ? { cursor } : {}) };
      const page = await answer(api.GET("/v1/audit", { params: { query }, signal }));
      // There is no route for one row: the drawer shows what the list brought.
      for (const one of page.items) {
        client.setQueryData(["operators", "audit-row", one.id], one);
      }
      return page;
    },
    [values, client],
  );
  return (
    <Page title={t("audit.title")} lead={t("audit.lead")} actions={<ChainBadge />}>
      <FilterBar filters={filters} values={values} onChange={set} />
      <Panel>
        <DataTable
          id="audit"
          label={t("audit.title")}
          columns={columns}
          rowKey={(one) => one.id}
          queryKey={["operators", "audit", values]}
          load={load}
          filters={sentence}
          onClearFilters={clear}
          never={<NeverAny text={t("audit.never")} />}
        />
      </Panel>
      <AuditDrawer id={row} onClose={() => setRow("")} />
    </Page>
  );
}
