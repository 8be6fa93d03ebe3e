import { Tag } from "@regulars/shared/desk/Tag";
import { Who } from "@regulars/shared/desk/Who";
import { ago, instant } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { useMay } from "@regulars/shared/session/session";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Run, Verification } from "./verification";

/** What the newest proof found, and whether one was begun since that did not come to its end. */
export function ProofResult({ found }: { found: Verification }) {
  const { t } = useTranslation("ledger");
  const { done, latest } = found;
  return (
    <>
      {latest && latest.job !== done?.job && (
        <p className="ledger-warn">
          {t(latest.state === "failed" ? "proof.failed" : "proof.stopped", { at: instant(latest.ended_at) })}{" "}
          {latest.error} <JobLink job={latest.job} />
        </p>
      )}
      {done ? <Facts run={done} /> : <p className="quiet">{t("proof.never")}</p>}
    </>
  );
}

function Facts({ run }: { run: Run }) {
  const { t } = useTranslation("ledger");
  const whole = run.disagreements === 0;
  const facts: [string, ReactNode][] = [
    [
      t("proof.found"),
      <Tag key="found" tone={whole ? "good" : "bad"}>
        {whole
          ? t("proof.agrees")
          : t("proof.disagrees", { count: run.disagreements, shown: count(run.disagreements) })}
      </Tag>,
    ],
    [t("proof.decisions"), count(run.decisions)],
    [
      t("proof.at"),
      <time key="at" title={ago(run.ended_at)}>
        {instant(run.ended_at)}
      </time>,
    ],
    [t("proof.by"), <Who key="by" id={run.asked_by} nobody={NONE} />],
    [t("proof.job"), <JobLink key="job" job={run.job} />],
  ];
  return (
    <>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      {run.first.length > 0 && (
        <ul className="ledger-first" aria-label={t("proof.first")}>
          {run.first.map((one) => (
            <li key={one}>
              <code>{one}</code>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function JobLink({ job }: { job: Run["job"] }) {
  const { t } = useTranslation("ledger");
  const may = useMay();
  if (job === null) return <span>{t("proof.byHand")}</span>;
  const name = t("proof.jobName", { job });
  return may("jobs.read") ? <Link to={`/jobs/${job}`}>{name}</Link> : <span>{name}</span>;
}
