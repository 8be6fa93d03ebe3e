import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import type { UseInfiniteQueryResult, UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";

type Props = {
  title: string;
  query: UseQueryResult<unknown> | UseInfiniteQueryResult<unknown>;
  /** Said when there is none. */
  none: string;
  empty: boolean;
  extra?: ReactNode;
  columns: readonly { title: string; numeric?: boolean }[];
  /** The rows of the table. */
  children: ReactNode;
  after?: ReactNode;
};

/** One part of what a member has: its heading, and a table, or why there is none. */
export function Part({ title, query, none, empty, extra, columns, children, after }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="members-part">
      <div className="members-part-head">
        <h3 id={id}>{title}</h3>
        {extra}
      </div>
      {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {!query.error && query.isPending && <Loading rows={3} />}
      {!query.error && !query.isPending && empty && <p className="quiet">{none}</p>}
      {!query.error && !query.isPending && !empty && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
        <section className="members-scroll" aria-label={title} tabIndex={0}>
          <table className="plain-table">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.title} scope="col" className={column.numeric ? "members-right" : ""}>
                    {column.title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
          {after}
        </section>
      )}
    </section>
  );
}
