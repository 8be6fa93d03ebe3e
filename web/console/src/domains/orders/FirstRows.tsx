import { Panel } from "@regulars/shared/desk/Page";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import type { Choices, Preview } from "./wish";

/** The file's first rows under the names they will have; columns that mean nothing are left out, as the import does. Nothing without any. */
export function FirstRows({ preview, choices }: { preview: Preview; choices: Choices }) {
  const { t } = useTranslation("orders");
  const shown = preview.columns.flatMap((column, at) => {
    const field = choices.fields.find((one) => one.field === column.field);
    return field ? [{ at, label: said(field), column: column.name }] : [];
  });
  if (shown.length === 0) {
    return null;
  }
  return (
    <Panel title={t("rows.title", { count: preview.rows.length })}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls the table by its focus */}
      <section className="orders-scroll" tabIndex={0} aria-label={t("rows.title", { count: preview.rows.length })}>
        <table className="plain-table">
          <thead>
            <tr>
              {shown.map((one) => (
                <th scope="col" key={one.column} title={one.column}>
                  {one.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.map((row, number) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no identity but their place
              <tr key={number}>
                {shown.map((one) => (
                  <td key={one.column}>{row[one.at]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}
