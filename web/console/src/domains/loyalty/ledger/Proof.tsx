import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { JobProgress } from "@regulars/shared/desk/states/JobProgress";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { useMay } from "@regulars/shared/session/session";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { ProofResult } from "./ProofResult";
import { isLive, SHOWN_AS, type Verification } from "./verification";

const EVERY_MS = 1000;
const KEY = ["ledger", "verification"];

/** How the ledger is proved - every balance against its entries, every decision against its rules - and what the last proof found. */
export function Proof() {
  const { t } = useTranslation("ledger");
  const may = useMay();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => answer(api.GET("/v1/ledger/verification", { signal })),
    refetchInterval: (asked) => (isLive(asked.state.data?.latest) ? EVERY_MS : false),
  });
  const onSuccess = (now: Verification) => client.setQueryData(KEY, now);
  const starting = useMutation({ mutationFn: () => answer(api.POST("/v1/ledger/verification")), onSuccess });
  const stopping = useMutation({ mutationFn: () => answer(api.POST("/v1/ledger/verification/cancel")), onSuccess });
  const latest = query.data?.latest;
  const live = isLive(latest);
  const failed = starting.error ?? stopping.error;
  return (
    <section className="ledger-proof" aria-label={t("proof.title")}>
      <h2>{t("proof.title")}</h2>
      <p>
        {t("proof.text")} <code>regulars verify</code>
      </p>
      {query.error && <ProblemNote problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading rows={2} />}
      {latest && live && (
        <JobProgress
          label={t("proof.running")}
          job={{
            state: SHOWN_AS[latest.state],
            done: latest.decisions,
            total: latest.total,
            secondsLeft: latest.remaining_seconds,
          }}
          {...(may("verify.run") ? { onCancel: () => stopping.mutate() } : {})}
        />
      )}
      {query.data && !live && <ProofResult found={query.data} />}
      {may("verify.run") && query.data && !live && (
        <Button loading={starting.isPending} onClick={() => starting.mutate()}>
          {t("proof.start")}
        </Button>
      )}
      {failed && <ProblemNote problem={fromThrown(failed)} />}
    </section>
  );
}
