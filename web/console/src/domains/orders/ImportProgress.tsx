import { JobProgress } from "@regulars/shared/desk/states/JobProgress";
import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { canCancel, type Import, JOB_STATES } from "./imports";

/** How far the import is, how fast it goes and how long it takes; the sentence says what happens just now. */
export function ImportProgress({ one, onCancel }: { one: Import; onCancel?: () => void }) {
  const { t } = useTranslation("orders");
  const job = {
    state: JOB_STATES[one.state],
    done: one.done,
    total: one.total,
    secondsLeft: one.remaining_seconds,
  };
  return (
    <div className="panel orders-progress">
      <JobProgress job={job} label={t(`stage.${one.state}`)} {...(onCancel && canCancel(one) ? { onCancel } : {})} />
      <p className="quiet">
        {one.rate !== null && <span className="num">{t("one.rate", { rate: count(Math.round(one.rate)) })} · </span>}
        {t(`stageText.${one.state}`)}
      </p>
    </div>
  );
}
