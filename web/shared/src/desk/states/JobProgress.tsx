import { Button, Progress } from "antd";
import { useTranslation } from "react-i18next";
import { fileLink } from "../../api/links";
import { count } from "../../format/numbers";
import { Tag, type Tone } from "../Tag";

export type JobState = "queued" | "running" | "paused" | "done" | "failed" | "cancelled";

/** How far a long work is. `total` null: not known yet. */
export type JobView = {
  state: JobState;
  done: number;
  total: number | null;
  ok?: number;
  skipped?: number;
  failed?: number;
  /** About how long it still takes. */
  secondsLeft?: number | null;
  /** Where the report of what failed is downloaded. */
  failuresHref?: string;
};

type Props = {
  job: JobView;
  label: string;
  onPause?: () => void;
  onResume?: () => void;
  onCancel?: () => void;
};

const TONES: Record<JobState, Tone> = {
  queued: "quiet",
  running: "info",
  paused: "warn",
  done: "good",
  failed: "bad",
  cancelled: "quiet",
};

const STATUS = {
  queued: "active",
  running: "active",
  paused: "normal",
  done: "success",
  failed: "exception",
  cancelled: "normal",
} as const satisfies Record<JobState, string>;

/** A job's progress in numbers, with what can be done about it. Live: give it a query that refetches while the job runs. */
export function JobProgress({ job, label, onPause, onResume, onCancel }: Props) {
  const { t } = useTranslation("ui");
  const going = job.state === "running" || job.state === "queued";
  return (
    <section className="job" aria-label={label}>
      <div className="job-head">
        <strong>{label}</strong>
        <Tag tone={TONES[job.state]}>{t(`job.state.${job.state}`)}</Tag>
        <span className="job-actions">
          {going && onPause && <Button onClick={onPause}>{t("job.pause")}</Button>}
          {job.state === "paused" && onResume && <Button onClick={onResume}>{t("job.resume")}</Button>}
          {(going || job.state === "paused") && onCancel && (
            <Button danger onClick={onCancel}>
              {t("job.cancel")}
            </Button>
          )}
        </span>
      </div>
      <Progress percent={percentOf(job)} status={STATUS[job.state]} aria-label={label} />
      <Numbers job={job} going={going} />
    </section>
  );
}

function Numbers({ job, going }: { job: JobView; going: boolean }) {
  const { t } = useTranslation("ui");
  return (
    <p className="job-numbers" role="status">
      <span>
        {job.total === null
          ? t("job.doneOnly", { done: count(job.done) })
          : t("job.done", { done: count(job.done), total: count(job.total) })}
      </span>
      {job.ok !== undefined && <span>{t("job.ok", { count: job.ok })}</span>}
      {Boolean(job.skipped) && <span>{t("job.skipped", { count: job.skipped ?? 0 })}</span>}
      {Boolean(job.failed) && <span className="bad">{t("job.failed", { count: job.failed ?? 0 })}</span>}
      {going && job.secondsLeft != null && <span>{t("job.eta", { time: duration(job.secondsLeft) })}</span>}
      {job.failuresHref && (
        <a href={fileLink(job.failuresHref)} download>
          {t("job.failures")}
        </a>
      )}
    </p>
  );
}

function percentOf(job: JobView): number {
  return job.total ? Math.floor((job.done / job.total) * 100) : job.state === "done" ? 100 : 0;
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const clock = [Math.floor((whole % 3600) / 60), whole % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return hours ? `${hours}:${clock}` : clock;
}
