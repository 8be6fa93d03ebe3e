import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { Who } from "@regulars/shared/desk/Who";
import { instant } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useQuery } from "@tanstack/react-query";
import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import type { Pool } from "./codes";
import { UploadCodes } from "./UploadCodes";

/** One pool of codes: what is left of it, more codes for it, and what came in when. Esc closes it. */
export function CodePool({ pool, onClose }: { pool: Pool | undefined; onClose: () => void }) {
  const { t } = useTranslation("goods");
  const may = useMay();
  return (
    <Drawer
      open={pool !== undefined}
      onClose={onClose}
      size={Math.min(600, window.innerWidth)}
      title={pool ? t("codes.of", { name: nameOf(pool) }) : t("codes.title")}
      closable={{ "aria-label": t("ui:action.close") }}
      destroyOnHidden
    >
      {pool && (
        <div className="goods-stack">
          <dl className="facts">
            <Fact name={t("codes.pool")} value={pool.pool} />
            {(["free", "given", "seen"] as const).map((state) => (
              <Fact key={state} name={t(`codes.${state}`)} value={count(pool[state])} />
            ))}
          </dl>
          {may("coupons.manage") && <UploadCodes pool={pool.pool} />}
          <Uploads pool={pool.pool} />
        </div>
      )}
    </Drawer>
  );
}

/** A pool by the rewards that hand its codes out; by its own name when no reward in force does. */
export function nameOf(pool: Pool): string {
  return pool.rewards.map(said).join(" · ") || pool.pool;
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Uploads({ pool }: { pool: string }) {
  const { t } = useTranslation("goods");
  const query = useQuery({
    queryKey: ["goods", "reward-codes", pool],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/reward-codes/{pool}/batches", { params: { path: { pool } }, signal }))).items,
  });
  const uploads = query.data;
  return (
    <section aria-label={t("codes.uploads")}>
      <h3>{t("codes.uploads")}</h3>
      {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {!query.error && uploads === undefined && <Loading rows={2} />}
      {!query.error && uploads?.length === 0 && <p className="quiet">{t("codes.noUploads")}</p>}
      {!query.error && uploads && uploads.length > 0 && (
        <ol className="goods-steps">
          {uploads.map((one) => (
            <li key={one.id}>
              <strong>{t("codes.came", { count: one.added, shown: count(one.added) })}</strong>
              {one.known > 0 && <span>{t("codes.known", { count: one.known, shown: count(one.known) })}</span>}
              <time className="num">{instant(one.made_at)}</time> <Who id={one.made_by} nobody={NONE} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
