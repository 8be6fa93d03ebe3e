import { FilterBar } from "@regulars/shared/desk/filters/FilterBar";
import type { Filter } from "@regulars/shared/desk/filters/filters";
import { useFilters } from "@regulars/shared/desk/filters/useFilters";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { useOutline } from "@regulars/shared/session/outline";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Called, withNames } from "../goods/names";
import { type Entry, entries, fileOf, KINDS } from "./entries";
import { useEntryColumns } from "./entryColumns";

/** Every entry of every member, newest record first, each with its reason; narrowed by filters, taken away as a file. */
export function EntriesTab() {
  const { t } = useTranslation("ledger");
  const may = useMay();
  const filters = useEntryFilters();
  const { values, set, clear, sentence } = useFilters(filters);
  const columns = useEntryColumns();
  const load = useCallback<LoadPage<Called<Entry>>>(
    async ({ cursor, limit, signal }) => {
      const page = await entries(values, { limit, ...(cursor ? { cursor } : {}) }, signal);
      return { items: await withNames(page.items, may, signal), next: page.next };
    },
    [values, may],
  );
  return (
    <div className="ledger-stack">
      <FilterBar filters={filters} values={values} onChange={set} />
      <DataTable
        id="ledger"
        label={t("tab.entries")}
        columns={columns}
        rowKey={(row) => `${row.member}.${row.seq}.${row.n}`}
        queryKey={["ledger", "entries", values]}
        load={load}
        filters={sentence}
        onClearFilters={clear}
        exports={{ csv: fileOf(values, "csv"), xlsx: fileOf(values, "xlsx") }}
        never={<NeverAny text={t("entries.never")} />}
      />
    </div>
  );
}

function useEntryFilters(): readonly Filter[] {
  const { t } = useTranslation("ledger");
  const plan = usePlan();
  const outline = useOutline();
  return useMemo(() => {
    const units = Object.entries(plan?.units ?? {}).map(([value, label]) => ({ value, label: said(label) }));
    const ladders = (outline ?? [])
      .filter((item) => item.part === "ladder")
      .map((item) => ({ value: item.path === "ladder" ? "main" : item.path.slice(8), label: said(item.title) }));
    return [
      {
        kind: "choice",
        name: "kind",
        label: t("field.kind"),
        options: KINDS.map((value) => ({ value, label: t(`kind.${value}`) })),
      },
      { kind: "choice", name: "unit", label: t("field.unit"), options: [...units, ...ladders] },
      { kind: "days", from: "from", to: "to", label: t("field.effectiveAt") },
      { kind: "text", name: "member", label: t("field.member"), placeholder: t("entries.memberExample") },
      { kind: "text", name: "reason", label: t("field.reason"), placeholder: t("entries.reasonExample") },
    ];
  }, [t, plan, outline]);
}
