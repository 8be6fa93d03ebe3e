import { fromThrown } from "@regulars/shared/api/problem";
import { instant } from "@regulars/shared/format/dates";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { ProblemNote } from "./ProblemNote";
import { Waiting } from "./Waiting";

type Props<Data> = {
  query: Pick<UseQueryResult<Data>, "data" | "error" | "isError" | "refetch" | "dataUpdatedAt" | "isFetching"> & {
    /** Lists that go on: their end says by itself that it failed. */
    isFetchNextPageError?: boolean;
  };
  /** Heights of the blocks that will stand there, in px. */
  shape?: readonly number[];
  children: (data: Data) => ReactNode;
};

/** What was asked for; until then its shape; if it failed, why, and the way to try again. What is older than it looks says so. */
export function Loaded<Data>({ query, shape = [120, 80], children }: Props<Data>) {
  const { t } = useTranslation("common");
  const again = () => void query.refetch();
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && !query.isFetchNextPageError && (
          <div className="stale" role="status">
            <p>{t("state.stale", { at: instant(new Date(query.dataUpdatedAt)) })}</p>
            <Button kind="plain" busy={query.isFetching} onClick={again}>
              {t("ui:action.retry")}
            </Button>
          </div>
        )}
        {children(query.data)}
      </>
    );
  }
  if (query.isError) {
    return (
      <section className="surface failed">
        <h2>{t("ui:empty.failed.title")}</h2>
        <ProblemNote problem={fromThrown(query.error)} onRetry={again} />
      </section>
    );
  }
  return <Waiting shape={shape} />;
}
