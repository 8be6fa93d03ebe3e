import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Freshness } from "@regulars/shared/desk/states/Freshness";
import { JobProgress } from "@regulars/shared/desk/states/JobProgress";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { count } from "@regulars/shared/format/numbers";
import { currentLanguage } from "@regulars/shared/i18n/language";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { Alert, Button, Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CostTable } from "./CostTable";
import { MovesMatrix } from "./MovesMatrix";
import {
  type Found,
  isLive,
  type Preview,
  SHOWN_AS,
  type Stale,
  useAsk,
  useCancelPreview,
  type usePreview,
} from "./reassessments";
import type { Table } from "./useTable";

type Props = {
  table: Table;
  query: ReturnType<typeof usePreview>;
  /** What is shown is not of what the form says now. */
  stale: Stale;
  onStarted: (one: Preview, text: string) => void;
};

/** Who would move under the table as it is written, and what it costs. Nobody is moved by it. */
export function PreviewPanel({ table, query, stale, onStarted }: Props) {
  const { t } = useTranslation("tiers");
  const may = useMay();
  const [down, setDown] = useState(true);
  const { text } = table;
  const asking = useAsk((one) => onStarted(one, text));
  const what = table.changed ? { document: text } : { version: table.began?.version ?? 0 };
  return (
    <section aria-label={t("preview.title")}>
      <h2>{t("preview.title")}</h2>
      <p className="quiet tiers-lead">{t("preview.lead")}</p>
      {may("programme.write") && (
        <div className="loyalty-row tiers-ask">
          <Checkbox checked={down} onChange={(event) => setDown(event.target.checked)}>
            {t("preview.down")}
          </Checkbox>
          <Button
            type="primary"
            disabled={!table.check.valid}
            loading={asking.isPending}
            onClick={() => asking.mutate({ ...what, down })}
          >
            {t("preview.open")}
          </Button>
        </div>
      )}
      {asking.error && <ProblemNote problem={fromThrown(asking.error)} />}
      {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {query.isLoading && <Loading rows={6} />}
      {query.data && <Shown one={query.data} stale={stale} />}
    </section>
  );
}

function Shown({ one, stale }: { one: Preview; stale: Stale }) {
  const { t } = useTranslation("tiers");
  const may = useMay();
  const cancel = useCancelPreview(one.id);
  if (one.error) {
    const tongue = currentLanguage() === "en" ? "en" : "zh";
    return <Alert type="error" showIcon role="alert" title={t("preview.failed")} description={one.error[tongue]} />;
  }
  if (one.result) {
    return <Result one={one} found={one.result} stale={stale} />;
  }
  const job = { state: SHOWN_AS[one.state], done: one.done, total: one.total, secondsLeft: one.remaining_seconds };
  const stoppable = may("programme.write") && isLive(one) && one.state !== "stopping";
  return (
    <>
      <JobProgress job={job} label={t("preview.running")} {...(stoppable && { onCancel: () => cancel.mutate() })} />
      {cancel.error && <ProblemNote problem={fromThrown(cancel.error)} />}
    </>
  );
}

function Result({ one, found, stale }: { one: Preview; found: Found; stale: Stale }) {
  const { t } = useTranslation("tiers");
  return (
    <div className="tiers-result">
      {stale && <Alert type="warning" showIcon role="status" title={t(`stale.${stale}`)} />}
      <Freshness at={found.as_of} />
      <p className="tiers-sums" role="status">
        {found.moved === 0
          ? t("preview.nobody", { members: count(found.members) })
          : t("preview.sums", {
              members: count(found.members),
              moved: count(found.moved),
              up: count(found.up),
              down: count(found.down),
            })}
        {!one.down && ` ${t("preview.onlyUp")}`}
      </p>
      {found.early > 0 && <p className="tiers-lead">{t("preview.early", { early: count(found.early) })}</p>}
      {found.ladders.map((ladder) => (
        <MovesMatrix key={ladder.ladder} ladder={ladder} currency={found.currency} />
      ))}
      <CostTable found={found} />
      <ul className="tiers-notes">
        {found.notes.map((note) => (
          <li key={note.en}>{said(note)}</li>
        ))}
      </ul>
    </div>
  );
}
