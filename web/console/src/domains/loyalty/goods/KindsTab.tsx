import { answer, api } from "@regulars/shared/api/client";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Kind } from "./goods";
import { useKindColumns } from "./kindColumns";

/** Every kind of coupon of the programme in words, what is left of it and what became of what was given out. */
export function KindsTab() {
  const { t } = useTranslation("goods");
  const columns = useKindColumns();
  const load = useCallback<LoadPage<Kind>>(async ({ signal }) => {
    const { items } = await answer(api.GET("/v1/coupons/definitions", { signal }));
    return { items, next: null };
  }, []);
  return (
    <>
      <p className="quiet goods-lead">
        {t("kinds.lead")} <Link to="/programme">{t("kinds.programme")}</Link>
      </p>
      <DataTable
        id="coupon-kinds"
        label={t("tab.coupons")}
        columns={columns}
        rowKey={(one) => one.definition}
        queryKey={["goods", "kinds", "page"]}
        load={load}
        never={<NeverAny text={t("kinds.never")} />}
      />
    </>
  );
}
