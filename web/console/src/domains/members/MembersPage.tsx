import { answer, api } from "@regulars/shared/api/client";
import { FilterBar } from "@regulars/shared/desk/filters/FilterBar";
import { useFilters } from "@regulars/shared/desk/filters/useFilters";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { type Member, useMemberColumns } from "./columns";
import { asQuery, useMemberFilters } from "./filters";

/** Everybody in the programme, newest first. */
export default function MembersPage() {
  const { t } = useTranslation("members");
  const filters = useMemberFilters();
  const { values, set, clear, sentence } = useFilters(filters);
  const columns = useMemberColumns();
  const load = useCallback<LoadPage<Member>>(
    ({ cursor, limit, signal }) =>
      answer(
        api.GET("/v1/members", {
          params: { query: { ...asQuery(values), limit, ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      ),
    [values],
  );
  return (
    <Page title={t("list.title")} lead={t("list.lead")}>
      <FilterBar filters={filters} values={values} onChange={set} />
      <Panel>
        <DataTable
          id="members"
          label={t("list.title")}
          columns={columns}
          rowKey={(member) => member.id}
          queryKey={["members", "list", values]}
          load={load}
          filters={sentence}
          onClearFilters={clear}
          never={<NeverAny text={t("list.never")} />}
        />
      </Panel>
    </Page>
  );
}
