import { CloseOutlined } from "@ant-design/icons";
import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { JobProgress, type JobState } from "@regulars/shared/desk/states/JobProgress";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { useMay } from "@regulars/shared/session/session";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Acts } from "./batchColumns";
import type { Batch } from "./goods";

const EVERY_MS = 1000;
const SHOWN_AS: Record<string, JobState> = { making: "running", ready: "done", void: "cancelled" };

type Props = { batch: string; onWithdraw: (one: Batch) => void; onClose: () => void };

/** How far a batch is; asked again while its codes are being made. Withdrawing it stops the work. */
export function BatchProgress({ batch, onWithdraw, onClose }: Props) {
  const { t } = useTranslation("goods");
  const may = useMay();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["goods", "batch", batch],
    queryFn: ({ signal }) => answer(api.GET("/v1/coupon-batches/{batch}", { params: { path: { batch } }, signal })),
    refetchInterval: (asked) => (asked.state.data?.state === "making" ? EVERY_MS : false),
  });
  const one = query.data;
  const state = one?.state;
  useEffect(() => {
    if (state === "ready" || state === "void") {
      // The list below has an older number of codes.
      void client.invalidateQueries({ queryKey: ["goods", "batches"] });
    }
  }, [client, state]);
  if (query.error) {
    return <ProblemNote problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (one === undefined) {
    return <Loading rows={2} />;
  }
  const label = t("batch.progress", { name: one.name });
  const manages = may("coupons.manage");
  return (
    <div className="goods-watched">
      <JobProgress
        job={{ state: SHOWN_AS[one.state] ?? "running", done: one.made, total: one.wanted }}
        label={label}
        {...(manages && one.state === "making" ? { onCancel: () => onWithdraw(one) } : {})}
      />
      <span className="goods-acts">
        {manages && one.state === "ready" && <Acts one={one} onWithdraw={onWithdraw} />}
        <Button size="small" type="text" icon={<CloseOutlined />} onClick={onClose}>
          {t("batch.close")}
        </Button>
      </span>
    </div>
  );
}
