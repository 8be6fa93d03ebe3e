import { money } from "@regulars/shared/format/money";
import { count, NONE } from "@regulars/shared/format/numbers";
import { useOutline } from "@regulars/shared/session/outline";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { PERIODS } from "./effects";
import type { Benefit, Report } from "./goods";
import { Labelled } from "./Labelled";

/** Every benefit in words with what it came to, and all of them together. */
export function BenefitTable({ report }: { report: Report }) {
  const { t } = useTranslation("goods");
  const outline = useOutline();
  const used = report.items.reduce((sum, one) => sum + one.used, 0);
  const cost = report.items.reduce((sum, one) => sum + one.cost, 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section className="goods-scroll" aria-label={t("tab.benefits")} tabIndex={0}>
      <table className="plain-table goods-table">
        <thead>
          <tr>
            <th scope="col">{t("benefits.label")}</th>
            <th scope="col">{t("benefits.quota")}</th>
            <th scope="col" className="goods-right">
              {t("benefits.used")}
            </th>
            <th scope="col" className="goods-right">
              {t("benefits.cost")}
            </th>
            <th scope="col" className="goods-right">
              {t("benefits.each")}
            </th>
          </tr>
        </thead>
        <tbody>
          {report.items.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <Labelled
                  name={said(one.label)}
                  sentence={said(outline?.find((item) => item.path === `benefits.${one.id}`)?.sentence)}
                />
              </th>
              <td>
                <Quota one={one} />
              </td>
              <td className="num">{count(one.used)}</td>
              <td className="num">{money(one.cost, report.currency)}</td>
              <td className="num">{one.used ? money(Math.round(one.cost / one.used), report.currency) : NONE}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t("benefits.all")}</th>
            <td />
            <td className="num">{count(used)}</td>
            <td className="num">{money(cost, report.currency)}</td>
            <td />
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

function Quota({ one }: { one: Benefit }) {
  const { t } = useTranslation("goods");
  const period = PERIODS.find((name) => name === one.period);
  return one.granted === null || period === undefined ? (
    <span className="quiet">{t("left.endless")}</span>
  ) : (
    t(`quota.${period}`, { count: one.granted })
  );
}
