import { answer, api } from "@regulars/shared/api/client";
import { FilterBar } from "@regulars/shared/desk/filters/FilterBar";
import type { Filter } from "@regulars/shared/desk/filters/filters";
import { useFilters } from "@regulars/shared/desk/filters/useFilters";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { COUPON_STATES, type Held, isCouponState, useKinds } from "./goods";
import { useHeldColumns } from "./heldColumns";
import { type Called, withNames } from "./names";
import { Withdraw } from "./Withdraw";

/** Every coupon that was given out, newest first: whose it is, where it stands; one that can still be used can be withdrawn. */
export function HeldTab() {
  const { t } = useTranslation("goods");
  const may = useMay();
  const filters = useHeldFilters();
  const { values, set, clear, sentence } = useFilters(filters);
  const [withdrawn, setWithdrawn] = useState<Called<Held> | null>(null);
  const columns = useHeldColumns(setWithdrawn);
  const load = useCallback<LoadPage<Called<Held>>>(
    async ({ cursor, limit, signal }) => {
      const { definition, state } = values;
      const query = {
        limit,
        ...(definition ? { definition } : {}),
        ...(isCouponState(state) ? { state } : {}),
        ...(cursor ? { cursor } : {}),
      };
      const page = await answer(api.GET("/v1/coupons", { params: { query }, signal }));
      return { items: await withNames(page.items, may, signal), next: page.next };
    },
    [values, may],
  );
  return (
    <div className="goods-stack">
      <FilterBar filters={filters} values={values} onChange={set} />
      <DataTable
        id="coupons-held"
        label={t("tab.held")}
        columns={columns}
        rowKey={(one) => one.id + one.member}
        queryKey={["goods", "held", values]}
        load={load}
        filters={sentence}
        onClearFilters={clear}
        never={<NeverAny text={t("held.never")} />}
      />
      {withdrawn && (
        <Withdraw
          coupon={withdrawn.id}
          label={said(withdrawn.label)}
          member={withdrawn.member}
          onClose={() => setWithdrawn(null)}
        />
      )}
    </div>
  );
}

function useHeldFilters(): readonly Filter[] {
  const { t } = useTranslation("goods");
  const kinds = useKinds().data;
  return useMemo(
    () => [
      {
        kind: "choice",
        name: "definition",
        label: t("kinds.label"),
        options: (kinds ?? []).map((one) => ({ value: one.definition, label: said(one.label) })),
      },
      {
        kind: "choice",
        name: "state",
        label: t("held.state"),
        options: COUPON_STATES.map((value) => ({ value, label: t(`couponState.${value}`) })),
      },
    ],
    [t, kinds],
  );
}
