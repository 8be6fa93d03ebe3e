import { answer, api } from "@regulars/shared/api/client";
import { FilterBar } from "@regulars/shared/desk/filters/FilterBar";
import type { Filter } from "@regulars/shared/desk/filters/filters";
import { useFilters } from "@regulars/shared/desk/filters/useFilters";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { type Import, quarantined } from "./imports";
import { type Quarantined, useQuarantineColumns } from "./quarantineColumns";
import { ReportButton } from "./ReportButton";

/** What was not taken of one import: where it stood, what was wrong with it, what would have been right. */
export default function QuarantinePage() {
  const { t } = useTranslation("orders");
  const { run = "" } = useParams();
  const may = useMay();
  // Reasons and their numbers; if they can't be had, the table below says why and this only lacks its choices.
  const one = useQuery({
    queryKey: ["orders", "import", run],
    queryFn: ({ signal }) => answer(api.GET("/v1/imports/{run}", { params: { path: { run } }, signal })),
  }).data;
  const filters = useReasons(one);
  const { values, set, clear, sentence } = useFilters(filters);
  const columns = useQuarantineColumns();
  const { reason } = values;
  const load = useCallback<LoadPage<Quarantined>>(
    ({ cursor, limit, signal }) => {
      const query = { limit, ...(cursor ? { cursor } : {}), ...(reason ? { reason } : {}) };
      return answer(api.GET("/v1/imports/{run}/quarantine", { params: { path: { run }, query }, signal }));
    },
    [run, reason],
  );
  return (
    <Page
      title={t("quarantine.title")}
      back={<Link to={`/imports/${run}`}>{one?.name || t("one.title")}</Link>}
      lead={one && t("quarantine.lead", { rows: count(quarantined(one)), of: count(one.rows) })}
      actions={one?.started_at && <ReportButton run={run} name={one.name} />}
    >
      <FilterBar filters={filters} values={values} onChange={set} />
      {!may("imports.values") && (
        <Alert type="info" showIcon title={t("quarantine.hidden", { permission: "imports.values" })} />
      )}
      <Panel>
        <DataTable
          id="quarantine"
          label={t("quarantine.title")}
          columns={columns}
          rowKey={(row) => `${row.line} ${row.field} ${row.reason} ${row.value} ${said(row.wrong)}`}
          queryKey={["orders", "quarantine", run, reason]}
          load={load}
          filters={sentence}
          onClearFilters={clear}
          never={<NeverAny title={t("quarantine.noneTitle")} text={t("quarantine.none")} />}
        />
      </Panel>
    </Page>
  );
}

function useReasons(one: Import | undefined): readonly Filter[] {
  const { t } = useTranslation("orders");
  return useMemo(
    () => [
      {
        kind: "choice",
        name: "reason",
        label: t("field.reason"),
        options: (one?.reasons ?? []).map((reason) => ({
          value: reason.code,
          label: t("quarantine.choice", { reason: said(reason), rows: count(reason.rows) }),
        })),
      },
    ],
    [one, t],
  );
}
