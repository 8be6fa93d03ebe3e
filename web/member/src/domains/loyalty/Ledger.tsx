import { useTranslation } from "react-i18next";
import { monthWords } from "../../mine/days";
import { Empty } from "../../parts/Empty";
import { Loaded } from "../../parts/Loaded";
import { More } from "../../parts/More";
import { EntryRow } from "./EntryRow";
import { byMonth, useLedger } from "./history";
import type { Unit } from "./PointsPage";

/** All that happened to one unit, by month. */
export function Ledger({ unit: { unit, label, currency } }: { unit: Unit }) {
  const { t } = useTranslation("loyalty");
  const ledger = useLedger(unit);
  return (
    <section className="surface">
      <h2>{t("points.ledger")}</h2>
      <Loaded query={ledger} shape={[56, 56, 56, 56]}>
        {(data) => {
          const months = byMonth(
            data.pages.flatMap((page) => page.items),
            (entry) => entry.month,
          );
          if (months.length === 0) {
            return <Empty title={t("points.neverUnit", { unit: label })} text={t("points.neverText")} />;
          }
          return (
            <>
              {months.map(({ month, rows }) => (
                <section key={month} className="month">
                  <h3>{monthWords(month)}</h3>
                  <ul className="rows">
                    {rows.map((entry) => (
                      <EntryRow key={`${entry.at} ${entry.words}`} entry={entry} currency={currency} />
                    ))}
                  </ul>
                </section>
              ))}
              <More query={ledger} end={t("points.end")} />
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
