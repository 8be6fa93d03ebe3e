import { answer, api } from "@regulars/shared/api/client";
import { FilterBar } from "@regulars/shared/desk/filters/FilterBar";
import type { Filter } from "@regulars/shared/desk/filters/filters";
import { useFilters } from "@regulars/shared/desk/filters/useFilters";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useSearchValue } from "@regulars/shared/url/search";
import { Button } from "antd";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { BatchProgress } from "./BatchProgress";
import { useBatchColumns } from "./batchColumns";
import { type Batch, useKinds } from "./goods";
import { MakeBatch } from "./MakeBatch";
import { WithdrawBatch } from "./WithdrawBatch";

/** Batches of unique codes: made in the background, downloaded for printing, withdrawn. The one being watched stands in the address. */
export function BatchesTab() {
  const { t } = useTranslation("goods");
  const may = useMay();
  const kinds = useKinds().data;
  const filters = useBatchFilters(kinds);
  const { values, set, clear, sentence } = useFilters(filters);
  const [watched, watch] = useSearchValue("batch", "");
  const [making, setMaking] = useState(false);
  const [withdrawn, setWithdrawn] = useState<Batch | null>(null);
  const columns = useBatchColumns(setWithdrawn, watch);
  const load = useCallback<LoadPage<Batch>>(
    ({ cursor, limit, signal }) => {
      const query = {
        limit,
        ...(values.definition ? { definition: values.definition } : {}),
        ...(cursor ? { cursor } : {}),
      };
      return answer(api.GET("/v1/coupon-batches", { params: { query }, signal }));
    },
    [values],
  );
  const add = may("coupons.manage") && kinds && kinds.length > 0 && (
    <Button type="primary" onClick={() => setMaking(true)}>
      {t("batch.make")}
    </Button>
  );
  return (
    <div className="goods-stack">
      <div className="goods-bar">
        <FilterBar filters={filters} values={values} onChange={set} />
        {add}
      </div>
      {watched && <BatchProgress batch={watched} onWithdraw={setWithdrawn} onClose={() => watch("")} />}
      <DataTable
        id="coupon-batches"
        label={t("tab.batches")}
        columns={columns}
        rowKey={(one) => one.id}
        queryKey={["goods", "batches", values]}
        load={load}
        filters={sentence}
        onClearFilters={clear}
        never={<NeverAny text={t("batch.never")} />}
      />
      {making && (
        <MakeBatch
          kinds={kinds ?? []}
          {...(values.definition ? { first: values.definition } : {})}
          onMade={watch}
          onClose={() => setMaking(false)}
        />
      )}
      {withdrawn && <WithdrawBatch batch={withdrawn} onClose={() => setWithdrawn(null)} />}
    </div>
  );
}

function useBatchFilters(kinds: ReturnType<typeof useKinds>["data"]): readonly Filter[] {
  const { t } = useTranslation("goods");
  return useMemo(
    () => [
      {
        kind: "choice",
        name: "definition",
        label: t("kinds.label"),
        options: (kinds ?? []).map((one) => ({ value: one.definition, label: said(one.label) })),
      },
    ],
    [t, kinds],
  );
}
