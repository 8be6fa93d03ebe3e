import type { ReactNode } from "react";

/** A chart's data as rows; the first column names the row. */
export type TableOfChart = { columns: readonly string[]; rows: readonly (readonly ReactNode[])[] };

/** A chart's data to read instead of to look at. */
export function ChartTable({ title, table }: { title: string; table: TableOfChart }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls the table by its focus
    <section className="chart-table" tabIndex={0} aria-label={title}>
      <table className="plain-table">
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a chart have no identity but their place
            <tr key={at}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th scope="row" key={table.columns[column]}>
                    {cell}
                  </th>
                ) : (
                  <td className="num" key={table.columns[column]}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
