import { answer, api } from "@regulars/shared/api/client";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { CodePools } from "./CodePools";
import type { Reward } from "./goods";
import { useRewardColumns } from "./rewardColumns";

/** The rewards mall: what is offered for how many points, what is left, how often it was ordered, and the codes that it hands out. */
export function MallTab() {
  const { t } = useTranslation("goods");
  const columns = useRewardColumns();
  const load = useCallback<LoadPage<Reward>>(async ({ signal }) => {
    const { items } = await answer(api.GET("/v1/rewards", { signal }));
    return { items, next: null };
  }, []);
  return (
    <>
      <p className="quiet goods-lead">
        {t("mall.lead")} <Link to="/programme">{t("kinds.programme")}</Link>
      </p>
      <DataTable
        id="rewards"
        label={t("tab.mall")}
        columns={columns}
        rowKey={(one) => one.id}
        queryKey={["goods", "rewards"]}
        load={load}
        never={<NeverAny text={t("mall.never")} />}
      />
      <CodePools />
    </>
  );
}
