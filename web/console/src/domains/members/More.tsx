import type { Problem } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { Button } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

type Props = { has: boolean; busy: boolean; problem: Problem | null; onMore: () => void; end?: string };

/** The end of a list that goes on: more comes when it is reached by scrolling, or by its button. After a failure only by the button. */
export function More({ has, busy, problem, onMore, end }: Props) {
  const { t } = useTranslation("members");
  const here = useRef<HTMLDivElement>(null);
  const ready = has && !busy && problem === null;
  const more = useRef(onMore);
  more.current = onMore;
  useEffect(() => {
    if (!ready || here.current === null) {
      return;
    }
    const watching = new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting)) {
          more.current();
        }
      },
      { rootMargin: "300px" },
    );
    watching.observe(here.current);
    return () => watching.disconnect();
  }, [ready]);
  return (
    <div ref={here} className="members-more">
      {problem && <ProblemNote problem={problem} />}
      {has ? (
        <Button loading={busy} onClick={onMore}>
          {t("more")}
        </Button>
      ) : (
        end && <p className="quiet">{end}</p>
      )}
    </div>
  );
}
