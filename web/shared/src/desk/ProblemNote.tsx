import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { OFFLINE, type Problem, UNREADABLE } from "../api/problem";

/** The sentence a problem is told by, in the reader's language. Those of the server come translated. */
export function useProblemText(): (problem: Problem) => string {
  const { t } = useTranslation("ui");
  return (problem) => {
    if (problem.code === OFFLINE) {
      return t("problem.client.offline");
    }
    return problem.code === UNREADABLE ? problem.message || t("problem.client.unreadable") : problem.message;
  };
}

/** Why something was refused: what is wrong with which field, what would be accepted, and the request's id for support. */
export function ProblemNote({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const { t } = useTranslation("ui");
  const text = useProblemText();
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={problem.title || t("problem.title")}
      description={
        <>
          {problem.faults.length === 0 && <p className="problem-text">{text(problem)}</p>}
          <Faults problem={problem} />
          {problem.requestId && <RequestId id={problem.requestId} />}
        </>
      }
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t("action.retry")}
          </Button>
        )
      }
    />
  );
}

/** The request's id, selectable in one click: support asks for it. */
export function RequestId({ id }: { id: string }) {
  const { t } = useTranslation("ui");
  return <p className="request-id">{t("problem.request", { id })}</p>;
}

function Faults({ problem }: { problem: Problem }) {
  const { t } = useTranslation("ui");
  if (problem.faults.length === 0) {
    return null;
  }
  return (
    <ul className="problem-faults">
      {problem.faults.map((fault) => (
        <li key={fault.field}>
          {t("problem.field", { field: fault.field, value: fault.value || "—" })} ·{" "}
          {t("problem.expected", { expected: fault.expected })}
        </li>
      ))}
    </ul>
  );
}
