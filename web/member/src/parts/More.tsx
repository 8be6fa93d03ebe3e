import { fromThrown } from "@regulars/shared/api/problem";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { ProblemNote } from "./ProblemNote";

type Props = {
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage: () => unknown;
  };
  end: string;
};

/** The rest of a list: comes by itself when its end is scrolled to, or by a button; at the very end it says so. */
export function More({ query, end }: Props) {
  const { t } = useTranslation("common");
  const mark = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const waits = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useEffect(() => {
    const element = mark.current;
    if (!(waits && element)) {
      return;
    }
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && fetchNextPage(), {
      rootMargin: "240px",
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [waits, fetchNextPage]);
  if (isFetchNextPageError) {
    return <ProblemNote problem={fromThrown(query.error)} onRetry={() => void fetchNextPage()} />;
  }
  return (
    <div className="more" ref={mark}>
      {hasNextPage ? (
        <Button kind="soft" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("list.more")}
        </Button>
      ) : (
        <p className="quiet">{end}</p>
      )}
    </div>
  );
}
