import { Panel } from "@regulars/shared/desk/Page";
import { Who } from "@regulars/shared/desk/Who";
import { instant, programmeZone } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Import } from "./imports";
import { fileSize } from "./size";

/** What was asked for, by whom, when, and what else was counted. */
export function ImportFacts({ one }: { one: Import }) {
  const { t } = useTranslation("orders");
  const may = useMay();
  const facts: [string, ReactNode][] = [
    [t("field.askedBy"), <Who key="who" id={one.asked_by} nobody={t("who.commandLine")} />],
    [t("field.askedAt"), moment(one.asked_at)],
    [t("field.startedAt"), moment(one.started_at)],
    [t("field.finishedAt"), moment(one.finished_at)],
    [t("field.size"), one.file ? `${one.file.format} · ${fileSize(one.file.size)}` : NONE],
    [t("field.zone"), one.profile?.zone ?? NONE],
    [t("field.currency"), one.profile?.currency ?? NONE],
    [t("field.source"), one.profile?.source ?? NONE],
    ...one.other.map((other): [string, ReactNode] => [said(other), count(other.number)]),
  ];
  if (one.job !== null && may("jobs.read")) {
    facts.push([t("field.job"), <Link key="job" to={`/jobs/${one.job}`}>{`#${one.job}`}</Link>]);
  }
  return (
    <Panel title={t("one.facts")}>
      <dl className="facts orders-facts">
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
