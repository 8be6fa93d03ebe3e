import { OFFLINE, type Problem, UNREADABLE } from "@regulars/shared/api/problem";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

/** Why something did not work, in the reader's language, with the request's id for whoever helps. */
export function ProblemNote({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const { t } = useTranslation("ui");
  const known = { [OFFLINE]: t("problem.client.offline"), [UNREADABLE]: t("problem.client.unreadable") }[problem.code];
  return (
    <div className="problem" role="alert">
      <p>{problem.message || known}</p>
      {problem.requestId && <p className="quiet">{t("problem.request", { id: problem.requestId })}</p>}
      {onRetry && <Button onClick={onRetry}>{t("action.retry")}</Button>}
    </div>
  );
}
