import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Drawer } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { CodeUploads } from "./CodeUploads";
import type { Pool } from "./codes";
import { UploadCodes } from "./UploadCodes";

const EVERY_MS = 1000;

/** One pool of codes: what is left of it, more codes for it, and what came in when. Esc closes it. */
export function CodePool({ pool, onClose }: { pool: Pool | undefined; onClose: () => void }) {
  const { t } = useTranslation("goods");
  return (
    <Drawer
      open={pool !== undefined}
      onClose={onClose}
      size={Math.min(600, window.innerWidth)}
      title={pool ? t("codes.of", { name: nameOf(pool) }) : t("codes.title")}
      closable={{ "aria-label": t("ui:action.close") }}
      destroyOnHidden
    >
      {pool && <Inside pool={pool} />}
    </Drawer>
  );
}

/** A pool by the rewards that hand its codes out; by its own name when no reward in force does. */
export function nameOf(pool: Pool): string {
  return pool.rewards.map(said).join(" · ") || pool.pool;
}

function Inside({ pool }: { pool: Pool }) {
  const { t } = useTranslation("goods");
  const may = useMay();
  const query = useUploads(pool.pool);
  const uploads = query.data;
  const withdrawn = uploads?.reduce((sum, one) => sum + one.withdrawn, 0);
  const facts = [
    [t("codes.pool"), pool.pool],
    ...(["free", "given", "seen"] as const).map((state) => [t(`codes.${state}`), count(pool[state])] as const),
    [t("codes.gone"), count(withdrawn)],
  ] as const;
  return (
    <div className="goods-stack">
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {may("coupons.manage") && <UploadCodes pool={pool.pool} />}
      <section aria-label={t("codes.uploads")}>
        <h3>{t("codes.uploads")}</h3>
        {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
        {!query.error && uploads === undefined && <Loading rows={2} />}
        {!query.error && uploads && <CodeUploads uploads={uploads} />}
      </section>
    </div>
  );
}

/** What came into the pool; asked again while some of it still comes. */
function useUploads(pool: string) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["goods", "reward-codes", pool],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/reward-codes/{pool}/batches", { params: { path: { pool } }, signal }))).items,
    refetchInterval: (asked) => (asked.state.data?.some((one) => one.state === "adding") ? EVERY_MS : false),
  });
  const came = query.data?.reduce((sum, one) => sum + one.added, 0);
  useEffect(() => {
    if (came !== undefined) {
      // The numbers of the pool and of the mall are older than what has just come in.
      void client.invalidateQueries({ queryKey: ["goods", "reward-codes"], exact: true });
      void client.invalidateQueries({ queryKey: ["goods", "rewards"] });
    }
  }, [client, came]);
  return query;
}
