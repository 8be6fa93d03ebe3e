import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { amountOf } from "../../mine/amounts";
import { useMe } from "../../mine/mine";
import type { Unit } from "./PointsPage";

/** What I have of one unit, what is on its way, reserved or owed, and what it is good for. */
export function Balance({ unit }: { unit: Unit }) {
  const { t } = useTranslation("loyalty");
  const me = useMe();
  const { currency, label } = unit;
  const amount = (units: number) => amountOf(units, currency);
  return (
    <section className="balance" data-spendable={unit.spendable}>
      <h2>{t("points.available", { unit: label })}</h2>
      <p className="balance-amount num">{amount(unit.available)}</p>
      <ul className="balance-more num">
        <li>{t("points.pending", { amount: amount(unit.pending) })}</li>
        {unit.held > 0 && <li>{t("points.held", { amount: amount(unit.held) })}</li>}
      </ul>
      {!unit.spendable && <p className="balance-note">{t("points.forLevel")}</p>}
      {currency !== null && <p className="balance-note">{t("points.forValue")}</p>}
      {unit.debt > 0 && <p className="balance-note">{t("points.debt", { amount: amount(unit.debt), unit: label })}</p>}
      {unit.spendable && currency === null && me.data?.mall && (
        <Link className="balance-to" to="/mall">
          {t("points.mall")}
        </Link>
      )}
    </section>
  );
}
