import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { JobProgress } from "@regulars/shared/desk/states/JobProgress";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { Who } from "@regulars/shared/desk/Who";
import { instant, programmeZone } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { StateTag } from "./columns";
import { isLive, type Job, SHOWN_AS } from "./jobs";

const EVERY_MS = 1000;

/** One job: how far it is, who wanted it, when, and why it failed. */
export default function JobPage() {
  const { t } = useTranslation("jobs");
  const number = Number(useParams().job);
  const query = useQuery({
    queryKey: ["jobs", "one", number],
    queryFn: ({ signal }) => answer(api.GET("/v1/jobs/{job}", { params: { path: { job: number } }, signal })),
    refetchInterval: (asked) => (asked.state.data && isLive(asked.state.data) ? EVERY_MS : false),
  });
  const back = <Link to="/jobs">{t("list.title")}</Link>;
  if (query.data === undefined) {
    return (
      <Page title={t("one.title")} back={back}>
        {query.error ? <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} /> : <Loading />}
      </Page>
    );
  }
  const job = query.data;
  return (
    <Page title={t("one.name", { label: said(job.label), id: job.id })} back={back}>
      {query.error && <ProblemNote problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      <JobProgress job={viewOf(job)} label={said(job.label)} />
      {job.error && <Alert type="error" showIcon role="alert" title={t("one.error")} description={job.error} />}
      <Facts job={job} />
    </Page>
  );
}

function viewOf(job: Job) {
  return {
    state: SHOWN_AS[job.state],
    done: job.done,
    total: job.total,
    ok: job.ok,
    skipped: job.skipped,
    failed: job.failed,
    secondsLeft: job.remaining_seconds,
  };
}

function Facts({ job }: { job: Job }) {
  const { t } = useTranslation("jobs");
  const stages: Record<string, string> = {
    reading: t("stage.reading"),
    applying: t("stage.applying"),
    verifying: t("stage.verifying"),
    done: t("stage.done"),
  };
  const facts: [string, ReactNode][] = [
    [t("field.state"), <StateTag key="state" state={job.state} />],
    [t("field.stage"), stages[job.message] ?? (job.message || NONE)],
    [t("field.rate"), job.rate === null ? NONE : t("one.rate", { rate: count(Math.round(job.rate)) })],
    [t("field.askedBy"), <Who key="who" id={job.asked_by} nobody={t("who.nobody")} />],
    [t("field.askedAt"), moment(job.asked_at)],
    [t("field.startedAt"), moment(job.started_at)],
    [t("field.updatedAt"), moment(job.updated_at)],
    [t("field.endedAt"), moment(job.ended_at)],
    [t("field.runs"), count(job.runs)],
    [t("field.kind"), <code key="kind">{job.kind}</code>],
  ];
  return (
    <Panel title={t("one.facts")}>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function moment(at: string | null): ReactNode {
  return at === null ? NONE : <time title={programmeZone()}>{instant(at)}</time>;
}
