import { useState } from "react";
import { useTranslation } from "react-i18next";
import { amountOf } from "../../mine/amounts";
import { daysLeft, dayWords } from "../../mine/days";
import { Button } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import type { Unit } from "./PointsPage";

const FIRST = 4;
const SOON_DAYS = 60;

/** What lapses when, the soonest first, and what becomes available when. */
export function Lots({ unit }: { unit: Unit }) {
  const { t } = useTranslation("loyalty");
  const [all, setAll] = useState(false);
  const most = Math.max(1, ...unit.lots.map((lot) => lot.amount));
  const shown = all ? unit.lots : unit.lots.slice(0, FIRST);
  return (
    <section className="surface">
      <h2>{t("points.lots")}</h2>
      {unit.releasing.length > 0 && (
        <ul className="lots">
          {unit.releasing.map((one) => (
            <li key={one.day} data-kind="coming">
              <span>{t("points.comes", { day: dayWords(one.day) })}</span>
              <span className="num">+{amountOf(one.amount, unit.currency)}</span>
            </li>
          ))}
        </ul>
      )}
      {unit.lots.length === 0 ? (
        <Empty title={t("points.noLots", { unit: unit.label })} />
      ) : (
        <ul className="lots">
          {shown.map((lot) => (
            <li
              key={lot.last_day ?? ""}
              data-kind={lot.last_day && daysLeft(lot.last_day) <= SOON_DAYS ? "soon" : "later"}
            >
              <span>{lot.last_day ? t("points.through", { day: dayWords(lot.last_day) }) : t("points.forEver")}</span>
              <span className="num">{amountOf(lot.amount, unit.currency)}</span>
              <span className="lot-bar" aria-hidden="true" style={{ width: `${(lot.amount / most) * 100}%` }} />
            </li>
          ))}
        </ul>
      )}
      {unit.lots.length > FIRST && (
        <Button kind="plain" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("points.fewer") : t("points.allLots", { count: unit.lots.length })}
        </Button>
      )}
    </section>
  );
}
