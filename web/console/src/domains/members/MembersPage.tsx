import { answer, api } from "@regulars/shared/api/client";
import { FilterBar } from "@regulars/shared/desk/filters/FilterBar";
import { useFilters } from "@regulars/shared/desk/filters/useFilters";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import type { Values } from "@regulars/shared/url/search";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { BucketChip } from "./BucketChip";
import { bucketOf, peopleBehind } from "./bucket";
import { useMemberColumns } from "./columns";
import { asAsked, asOrder, asSearch, useMemberFilters } from "./filters";
import { HowMany } from "./HowMany";
import type { Person } from "./people";
import { SearchBox } from "./SearchBox";
import { useStores } from "./useStores";
import { useTyped } from "./useTyped";
import { useRememberedWalk } from "./useWalk";
import "./members.css";

/** Everybody in the programme with what they hold: found by a box, narrowed by filters, or those behind a number of the insights. */
export default function MembersPage() {
  const [params] = useSearchParams();
  const text = params.get("bucket");
  const bucket = useMemo(() => bucketOf(text), [text]);
  const { t } = useTranslation("members");
  return (
    <Page title={t("list.title")} lead={t("list.lead")}>
      {bucket ? <Behind bucket={bucket} /> : <Everybody />}
    </Page>
  );
}

function Everybody() {
  const { t } = useTranslation("members");
  const { stores, storeOf } = useStores();
  const filters = useMemberFilters(stores);
  const { values, set, clear, sentence } = useFilters(filters);
  const [typed, setTyped] = useTyped();
  const firstPage = useFirstPage();
  const columns = useMemberColumns(storeOf);
  const queryKey = useMemo(() => ["members", "people", typed, values], [typed, values]);
  const load = useCallback<LoadPage<Person>>(
    async ({ cursor, limit, sort, signal }) => {
      const paging = { limit, ...asOrder(sort), ...(cursor ? { cursor } : {}) };
      const { items, next } = await people(typed, values, paging, signal);
      return { items, next };
    },
    [typed, values],
  );
  useRememberedWalk(queryKey, load);
  const wanted = [typed ? t("search.said", { text: typed }) : "", sentence].filter(Boolean).join(", ");
  return (
    <>
      <SearchBox
        value={typed}
        onSearch={(next) => {
          firstPage();
          setTyped(next);
        }}
      />
      <FilterBar filters={filters} values={values} onChange={set} />
      <Panel
        title={t("list.found")}
        extra={
          <HowMany
            queryKey={["members", "count", typed, values]}
            ask={async (signal) => (await people(typed, values, { limit: 1, count: true }, signal)).count}
          />
        }
      >
        <DataTable
          id="members"
          label={t("list.title")}
          columns={columns}
          rowKey={(one) => one.id}
          queryKey={queryKey}
          load={load}
          filters={wanted}
          onClearFilters={() => {
            setTyped("");
            clear();
          }}
          never={<NeverAny text={t("list.never")} />}
        />
      </Panel>
    </>
  );
}

function Behind({ bucket }: { bucket: NonNullable<ReturnType<typeof bucketOf>> }) {
  const { t } = useTranslation("members");
  const [, setParams] = useSearchParams();
  const { storeOf } = useStores();
  const all = useMemberColumns(storeOf);
  // The server gives them in order of id: nothing else can be sorted by.
  const columns = useMemo(() => all.map((column) => ({ ...column, sortable: false })), [all]);
  const clear = () => setParams({});
  const queryKey = useMemo(() => ["members", "behind", bucket], [bucket]);
  const load = useCallback<LoadPage<Person>>((asked) => peopleBehind(bucket, asked), [bucket]);
  useRememberedWalk(queryKey, load);
  return (
    <>
      <BucketChip bucket={bucket} onClear={clear} />
      <Panel>
        <DataTable
          id="members"
          label={t("list.title")}
          columns={columns}
          rowKey={(one) => one.id}
          queryKey={queryKey}
          load={load}
          filters={t("bucket.this")}
          onClearFilters={clear}
          never={<NeverAny text={t("list.never")} />}
        />
      </Panel>
    </>
  );
}

type Paging = { limit: number; cursor?: string; count?: boolean } & ReturnType<typeof asOrder>;

async function people(text: string, values: Values, paging: Paging, signal: AbortSignal) {
  // With personal details in it a search goes out as a body: addresses end up in logs.
  return text
    ? answer(api.POST("/v1/people/search", { body: asSearch(text, values), params: { query: paging }, signal }))
    : answer(api.GET("/v1/people", { params: { query: { ...asAsked(values), ...paging } }, signal }));
}

function useFirstPage(): () => void {
  const [, setParams] = useSearchParams();
  return () =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.delete("page");
        return after;
      },
      { replace: true },
    );
}
