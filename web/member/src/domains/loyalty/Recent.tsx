import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Empty } from "../../parts/Empty";
import { Loaded } from "../../parts/Loaded";
import { EntryRow } from "./EntryRow";
import { useLedger } from "./history";

const SHOWN = 3;

/** The last changes of the points. */
export function Recent() {
  const { t } = useTranslation("loyalty");
  const ledger = useLedger();
  return (
    <section className="surface">
      <header className="section-head">
        <h2>{t("card.recent")}</h2>
        <Link to="/points">{t("card.all")}</Link>
      </header>
      <Loaded query={ledger} shape={[56, 56, 56]}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items).slice(0, SHOWN);
          return rows.length === 0 ? (
            <Empty title={t("points.never")} text={t("points.neverText")} />
          ) : (
            <ul className="rows">
              {rows.map((entry) => (
                <EntryRow key={`${entry.at} ${entry.words}`} entry={entry} />
              ))}
            </ul>
          );
        }}
      </Loaded>
    </section>
  );
}
