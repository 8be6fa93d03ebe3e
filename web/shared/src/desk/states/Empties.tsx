import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "../../api/problem";
import { ProblemNote } from "../ProblemNote";
import { Mark } from "./Mark";

/** There has never been any: says what it is, offers the first step. */
export function NeverAny({ title, text, action }: { title?: string; text: ReactNode; action?: ReactNode }) {
  const { t } = useTranslation("ui");
  return (
    <Empty mark="seed" title={title ?? t("empty.never.title")}>
      <p>{text}</p>
      {action}
    </Empty>
  );
}

/** There are some, but none that matches: names what was asked for, offers to drop it. */
export function NothingMatches({ filters, onClear }: { filters: string; onClear: () => void }) {
  const { t } = useTranslation("ui");
  return (
    <Empty mark="lens" title={t("empty.nothing.title")}>
      <p>{t("empty.nothing.text", { filters })}</p>
      <Button onClick={onClear}>{t("empty.nothing.clear")}</Button>
    </Empty>
  );
}

/** Whether there are any is not known: says why, offers another try. Rows from before are not shown as if they were current. */
export function Failed({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  return (
    <div className="empty-failed">
      <ProblemNote problem={problem} onRetry={onRetry} />
    </div>
  );
}

/** There were some, which have been deleted as the retention rules say. */
export function GoneByRetention({ days }: { days: number }) {
  const { t } = useTranslation("ui");
  return (
    <Empty mark="leaf" title={t("empty.gone.title")}>
      <p>{t("empty.gone.text", { days })}</p>
    </Empty>
  );
}

function Empty({ mark, title, children }: { mark: "seed" | "lens" | "leaf"; title: string; children: ReactNode }) {
  return (
    <div className="empty" role="status">
      <Mark kind={mark} />
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}
