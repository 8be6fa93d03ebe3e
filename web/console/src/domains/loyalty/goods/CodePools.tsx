import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { count } from "@regulars/shared/format/numbers";
import { useMay } from "@regulars/shared/session/session";
import { useSearchValue } from "@regulars/shared/url/search";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { CodePool, nameOf } from "./CodePool";
import type { Pool } from "./codes";
import { Labelled } from "./Labelled";

/** The codes that digital rewards hand out: how many each pool has left, gave away, showed. One pool opens beside the list. */
export function CodePools() {
  const { t } = useTranslation("goods");
  const [opened, open] = useSearchValue("pool", "");
  const query = useQuery({
    queryKey: ["goods", "reward-codes"],
    queryFn: async ({ signal }) => (await answer(api.GET("/v1/reward-codes", { signal }))).items,
  });
  const pools = query.data;
  return (
    <section className="goods-stack goods-pools" aria-label={t("codes.title")}>
      <div>
        <h2 className="goods-heading">{t("codes.title")}</h2>
        <p className="quiet">{t("codes.lead")}</p>
      </div>
      {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {!query.error && pools === undefined && <Loading rows={3} />}
      {!query.error && pools?.length === 0 && <p role="status">{t("codes.never")}</p>}
      {!query.error && pools && pools.length > 0 && <Pools pools={pools} onOpen={open} />}
      {!query.error && <CodePool pool={pools?.find((one) => one.pool === opened)} onClose={() => open("")} />}
    </section>
  );
}

function Pools({ pools, onOpen }: { pools: readonly Pool[]; onOpen: (pool: string) => void }) {
  const { t } = useTranslation("goods");
  const may = useMay();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section className="goods-scroll" aria-label={t("codes.pools")} tabIndex={0}>
      <table className="plain-table goods-pool-table">
        <thead>
          <tr>
            <th scope="col">{t("codes.pool")}</th>
            {(["free", "given", "seen"] as const).map((state) => (
              <th scope="col" className="goods-right" key={state}>
                {t(`codes.${state}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pools.map((one) => (
            <tr key={one.pool}>
              <th scope="row">
                <Labelled name={nameOf(one)} sentence={one.rewards.length > 0 ? one.pool : t("codes.unnamed")} />
                <Button size="small" onClick={() => onOpen(one.pool)}>
                  {t(may("coupons.manage") ? "codes.add" : "codes.uploads")}
                </Button>
              </th>
              <td className="num">
                <span className={one.free === 0 && one.rewards.length > 0 ? "goods-short" : ""}>{count(one.free)}</span>
              </td>
              <td className="num">{count(one.given)}</td>
              <td className="num">{count(one.seen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
