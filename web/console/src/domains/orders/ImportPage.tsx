import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Page } from "@regulars/shared/desk/Page";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Classes } from "./Classes";
import { ImportFacts } from "./ImportFacts";
import { ImportProgress } from "./ImportProgress";
import { canResume, type Import, isLive } from "./imports";
import { Left } from "./Left";
import { ReportButton } from "./ReportButton";

const EVERY_MS = 1000;

/** One import: how far it is while it runs, and in which class every row ended. Its address is all it takes to come back to it. */
export default function ImportPage() {
  const { t } = useTranslation("orders");
  const { run = "" } = useParams();
  const query = useQuery({
    queryKey: ["orders", "import", run],
    queryFn: ({ signal }) => answer(api.GET("/v1/imports/{run}", { params: { path: { run } }, signal })),
    refetchInterval: (asked) => (asked.state.data && isLive(asked.state.data) ? EVERY_MS : false),
  });
  const back = <Link to="/imports">{t("list.title")}</Link>;
  if (query.data === undefined) {
    return (
      <Page title={t("one.title")} back={back}>
        {query.error ? (
          <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />
        ) : (
          <Loading rows={10} />
        )}
      </Page>
    );
  }
  const one = query.data;
  return (
    <Page title={one.name || one.id} back={back} actions={<Actions one={one} />}>
      {query.error && <ProblemNote problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      <Standing one={one} />
      <div className="orders-import">
        <Classes one={one} />
        <div>
          <ImportFacts one={one} />
          <Left one={one} />
        </div>
      </div>
    </Page>
  );
}

function Actions({ one }: { one: Import }) {
  const { t } = useTranslation("orders");
  const may = useMay();
  const resuming = useMoved(one.id, "resume");
  return (
    <>
      {resuming.error && <ProblemNote problem={fromThrown(resuming.error)} />}
      {canResume(one) && may("imports.run") && (
        <Button type="primary" loading={resuming.isPending} onClick={() => resuming.mutate()}>
          {t("one.resume")}
        </Button>
      )}
      {one.started_at && <ReportButton run={one.id} name={one.name} />}
    </>
  );
}

/** Progress with the way to stop it, or what ended it. */
function Standing({ one }: { one: Import }) {
  const { t } = useTranslation("orders");
  const may = useMay();
  const cancelling = useMoved(one.id, "cancel");
  return (
    <>
      <ImportProgress one={one} {...(may("imports.run") ? { onCancel: () => cancelling.mutate() } : {})} />
      {cancelling.error && <ProblemNote problem={fromThrown(cancelling.error)} />}
      {one.error && <Alert type="error" showIcon role="alert" title={t("one.failed")} description={said(one.error)} />}
    </>
  );
}

function useMoved(run: string, way: "cancel" | "resume") {
  const client = useQueryClient();
  const params = { path: { run } };
  return useMutation({
    mutationFn: () =>
      answer(
        way === "cancel"
          ? api.POST("/v1/imports/{run}/cancel", { params })
          : api.POST("/v1/imports/{run}/resume", { params }),
      ),
    onSuccess: (one) => {
      client.setQueryData(["orders", "import", run], one);
      void client.invalidateQueries({ queryKey: ["orders", "imports"] });
    },
  });
}
