import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { JobProgress } from "@regulars/shared/desk/states/JobProgress";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { Who } from "@regulars/shared/desk/Who";
import { instant } from "@regulars/shared/format/dates";
import { count } from "@regulars/shared/format/numbers";
import { currentLanguage } from "@regulars/shared/i18n/language";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "../useFocusBack";
import {
  isLive,
  type Preview,
  type Reassessment,
  SHOWN_AS,
  type Stale,
  useReassess,
  useReassessments,
  useStopOrGoOn,
} from "./reassessments";
import type { Table } from "./useTable";

type Props = { table: Table; preview: Preview | undefined; stale: Stale };

/** Puts everybody where the table in force puts them, after it was previewed; and shows how far the latest re-assessments are. */
export function ReassessPanel({ table, preview, stale }: Props) {
  const { t } = useTranslation("tiers");
  const may = useMay();
  const [asked, setAsked] = useState(false);
  const query = useReassessments();
  const running = query.data?.some(isLive) ?? false;
  const blocked = whyNot(table, preview, stale, running);
  return (
    <section aria-label={t("reassess.title")}>
      <h2>{t("reassess.title")}</h2>
      <p className="quiet tiers-lead">{t("reassess.lead")}</p>
      {may("programme.publish") && (
        <div className="loyalty-row tiers-ask">
          <Button type="primary" disabled={blocked !== null} onClick={() => setAsked(true)}>
            {t("reassess.open")}
          </Button>
          {blocked && <p className="quiet">{t(`reassess.blocked.${blocked}`)}</p>}
        </div>
      )}
      {query.error && <ProblemNote problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {query.isLoading && <Loading rows={3} />}
      {query.data?.map((one) => (
        <Run key={one.id} one={one} />
      ))}
      {query.data?.length === 0 && <p className="quiet">{t("reassess.never")}</p>}
      {asked && preview?.result && (
        <Confirm
          version={table.inForce?.version ?? 0}
          down={preview.down}
          found={preview.result}
          onClose={() => setAsked(false)}
        />
      )}
    </section>
  );
}

type Blocked = "unsaved" | "unpublished" | "unseen" | "running";

function whyNot(table: Table, preview: Preview | undefined, stale: Stale, running: boolean): Blocked | null {
  if (running) {
    return "running";
  }
  if (table.changed) {
    return "unsaved";
  }
  if (table.inForce === undefined || table.began?.version !== table.inForce.version) {
    return "unpublished";
  }
  return preview?.result && !stale ? null : "unseen";
}

type ConfirmProps = { version: number; down: boolean; found: NonNullable<Preview["result"]>; onClose: () => void };

function Confirm({ version, down, found, onClose }: ConfirmProps) {
  const { t } = useTranslation("tiers");
  useFocusBack();
  const [reason, setReason] = useState("");
  const doing = useReassess(onClose);
  return (
    <ConfirmImpact
      open
      title={t("reassess.confirmTitle", { version })}
      confirm={t("reassess.confirm")}
      busy={doing.isPending}
      problem={doing.error ? fromThrown(doing.error) : null}
      onConfirm={() => doing.mutate({ down, reason })}
      onCancel={onClose}
    >
      <p>
        {t("reassess.confirmText", {
          members: count(found.members),
          up: count(found.up),
          down: count(found.down),
        })}
      </p>
      <label className="loyalty-field" htmlFor="reassess-reason">
        <span>{t("reassess.reason")}</span>
        <Input
          id="reassess-reason"
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
    </ConfirmImpact>
  );
}

function Run({ one }: { one: Reassessment }) {
  const { t } = useTranslation("tiers");
  const may = useMay()("programme.publish");
  const doing = useStopOrGoOn(one.id);
  const job = {
    state: SHOWN_AS[one.state],
    done: one.looked,
    total: one.total ?? (one.state === "done" ? one.looked : null),
    failed: one.failed,
    secondsLeft: one.remaining_seconds,
  };
  const stoppable = may && isLive(one) && one.state !== "stopping";
  const tongue = currentLanguage() === "en" ? "en" : "zh";
  return (
    <div className="tiers-run">
      <JobProgress
        job={job}
        label={t("reassess.run", { version: one.version, at: instant(one.at) })}
        {...(stoppable && { onCancel: () => doing.mutate("cancel") })}
      />
      <p className="quiet">
        <Who id={one.asked_by} />
        {one.reason && ` · ${one.reason}`}
        {!one.down && ` · ${t("preview.onlyUp")}`}
      </p>
      {one.error && <p className="bad">{one.error[tongue]}</p>}
      {one.state === "done" && <p role="status">{t("reassess.moved", { moved: count(one.moved) })}</p>}
      <ul className="tiers-steps">
        {one.steps.map((step) => (
          <li key={`${step.ladder} ${step.before.level} ${step.after.level}`}>
            {said(step.before.label)} → {said(step.after.label)}
            <strong className="num">{count(step.members)}</strong>
          </li>
        ))}
      </ul>
      {may &&
        (one.state === "cancelled" || (one.state === "failed" && one.error?.code !== "reassessments.superseded")) && (
          <Button loading={doing.isPending} onClick={() => doing.mutate("resume")}>
            {t("reassess.resume")}
          </Button>
        )}
      {doing.error && <ProblemNote problem={fromThrown(doing.error)} />}
    </div>
  );
}
