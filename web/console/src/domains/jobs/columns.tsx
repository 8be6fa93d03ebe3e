import { Tag } from "@regulars/shared/desk/Tag";
import type { Column } from "@regulars/shared/desk/table/columns";
import { Who } from "@regulars/shared/desk/Who";
import { ago, instant } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Job, type State, TONES } from "./jobs";

/** The columns of the list of jobs. */
export function useJobColumns(): readonly Column<Job>[] {
  const { t } = useTranslation("jobs");
  return useMemo(
    () => [
      {
        key: "job",
        title: t("field.job"),
        always: true,
        width: 220,
        render: (job) => <Link to={`/jobs/${job.id}`}>{t("one.name", { label: said(job.label), id: job.id })}</Link>,
      },
      { key: "state", title: t("field.state"), width: 130, render: (job) => <StateTag state={job.state} /> },
      {
        key: "progress",
        title: t("field.progress"),
        width: 190,
        numeric: true,
        render: (job) => (job.total === null ? count(job.done) : `${count(job.done)} / ${count(job.total)}`),
      },
      { key: "failed", title: t("field.failed"), width: 120, numeric: true, render: (job) => count(job.failed) },
      {
        key: "asked_at",
        title: t("field.askedAt"),
        width: 150,
        render: (job) => <time title={instant(job.asked_at)}>{ago(job.asked_at)}</time>,
      },
      {
        key: "ended_at",
        title: t("field.endedAt"),
        width: 150,
        render: (job) => (job.ended_at ? <time title={instant(job.ended_at)}>{ago(job.ended_at)}</time> : NONE),
      },
      {
        key: "asked_by",
        title: t("field.askedBy"),
        width: 150,
        render: (job) => <Who id={job.asked_by} nobody={t("who.nobody")} />,
      },
      {
        key: "runs",
        title: t("field.runs"),
        width: 110,
        numeric: true,
        hidden: true,
        render: (job) => count(job.runs),
      },
      { key: "kind", title: t("field.kind"), width: 160, hidden: true, render: (job) => <code>{job.kind}</code> },
    ],
    [t],
  );
}

/** A job's state as a coloured word. */
export function StateTag({ state }: { state: State }) {
  const { t } = useTranslation("jobs");
  return <Tag tone={TONES[state]}>{t(`state.${state}`)}</Tag>;
}
