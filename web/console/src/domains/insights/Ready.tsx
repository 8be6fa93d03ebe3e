import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

type Props<Data> = {
  query: UseQueryResult<Data>;
  /** How tall the skeleton is, in lines. */
  rows?: number;
  children: (data: Data) => ReactNode;
};

/** What a question answered, or why it did not, or the shape of what is coming. Old numbers are greyed while new ones come. */
export function Ready<Data>({ query, rows = 6, children }: Props<Data>) {
  if (query.error) {
    return <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return <Loading rows={rows} />;
  }
  return <div className={query.isPlaceholderData ? "insights-old" : "insights-now"}>{children(query.data)}</div>;
}
