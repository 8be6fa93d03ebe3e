import { answer, api } from "@regulars/shared/api/client";
import { FilterBar } from "@regulars/shared/desk/filters/FilterBar";
import type { Filter } from "@regulars/shared/desk/filters/filters";
import { useFilters } from "@regulars/shared/desk/filters/useFilters";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useJobColumns } from "./columns";
import { ASKED, isAsked, type Job } from "./jobs";

const EVERY_MS = 5000;

/** The work that runs in the background, newest first. The list is asked for again every few seconds while somebody looks. */
export default function JobsPage() {
  const { t } = useTranslation("jobs");
  const filters = useJobFilters();
  const { values, set, clear, sentence } = useFilters(filters);
  const columns = useJobColumns();
  useRefreshed();
  const load = useCallback<LoadPage<Job>>(
    ({ cursor, limit, signal }) => {
      const { state, kind } = values;
      const query = {
        limit,
        ...(cursor ? { cursor } : {}),
        ...(isAsked(state) ? { state } : {}),
        ...(kind ? { kind } : {}),
      };
      return answer(api.GET("/v1/jobs", { params: { query }, signal }));
    },
    [values],
  );
  return (
    <Page title={t("list.title")} lead={t("list.lead")}>
      <FilterBar filters={filters} values={values} onChange={set} />
      <Panel>
        <DataTable
          id="jobs"
          label={t("list.title")}
          columns={columns}
          rowKey={(job) => String(job.id)}
          queryKey={["jobs", "list", values]}
          load={load}
          filters={sentence}
          onClearFilters={clear}
          never={<NeverAny text={t("list.never")} />}
        />
      </Panel>
    </Page>
  );
}

function useJobFilters(): readonly Filter[] {
  const { t } = useTranslation("jobs");
  return useMemo(
    () => [
      {
        kind: "choice",
        name: "state",
        label: t("field.state"),
        options: ASKED.map((value) => ({ value, label: t(`state.${value}`) })),
      },
      { kind: "text", name: "kind", label: t("field.kind"), placeholder: "import_orders" },
    ],
    [t],
  );
}

function useRefreshed(): void {
  const client = useQueryClient();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) {
        void client.invalidateQueries({ queryKey: ["jobs", "list"] });
      }
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [client]);
}
