import { Panel } from "@regulars/shared/desk/Page";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { type Choices, type Preview, remapped, type Wish } from "./wish";

type Props = { preview: Preview; choices: Choices; onChange: (change: Wish) => void };

/** Each column of the file with some of its values and what it means. */
export function ColumnsPanel({ preview, choices, onChange }: Props) {
  const { t } = useTranslation("orders");
  const options = [
    { value: "", label: t("mapping.none") },
    ...choices.fields.map((one) => ({
      value: one.field,
      label: one.required ? t("mapping.required", { field: said(one) }) : said(one),
    })),
  ];
  const used = preview.columns.filter((column) => column.field !== null).length;
  const extra = t("mapping.used", { used: count(used), all: count(preview.columns.length) });
  return (
    <Panel title={t("mapping.title")} extra={<span className="quiet">{extra}</span>}>
      <table className="plain-table orders-columns">
        <thead>
          <tr>
            <th scope="col">{t("mapping.column")}</th>
            <th scope="col">{t("mapping.means")}</th>
            <th scope="col">{t("mapping.samples")}</th>
          </tr>
        </thead>
        <tbody>
          {preview.columns.map((column) => (
            <tr key={column.name}>
              <th scope="row">{column.name}</th>
              <td>
                <Select
                  aria-label={t("mapping.meansOf", { column: column.name })}
                  value={column.field ?? ""}
                  options={options}
                  onChange={(field) =>
                    onChange({ mapping: remapped(preview.columns, choices.fields, column.name, field) })
                  }
                />
              </td>
              <td className="orders-samples" title={column.samples.join(" · ")}>
                {column.samples.join(" · ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
