import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { Behind } from "./Behind";
import { bucketOfGroup } from "./groups";
import { percent } from "./numbers";
import type { Asked, By, GroupRow } from "./queries";

type Props = { rows: readonly GroupRow[]; by: By; asked: Asked; nameOf: (row: GroupRow) => string; label: string };

/** Each group's share with its interval, and the members behind both of its numbers. */
export function GroupTable({ rows, by, asked, nameOf, label }: Props) {
  const { t } = useTranslation("insights");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls the table by its focus
    <section className="insights-scroll" tabIndex={0} aria-label={label}>
      <table className="plain-table insights-groups">
        <thead>
          <tr>
            <th scope="col">{t(`by.${by}`)}</th>
            <th scope="col">{t("column.rate")}</th>
            <th scope="col">{t("column.interval")}</th>
            <th scope="col">{t("column.n")}</th>
            <th scope="col">{t("column.of")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.key}${row.rest}`}>
              <th scope="row">{nameOf(row)}</th>
              <td className="num">{percent(row.rate_bp)}</td>
              <td className="num quiet">
                {row.rate_bp === null ? "" : `${percent(row.low_bp)} – ${percent(row.high_bp)}`}
              </td>
              <td className="num">
                <Behind bucket={bucketOfGroup(row, by, asked, "yes")}>{count(row.n)}</Behind>
              </td>
              <td className="num">
                <Behind bucket={bucketOfGroup(row, by, asked, "counted")}>{count(row.denominator)}</Behind>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
