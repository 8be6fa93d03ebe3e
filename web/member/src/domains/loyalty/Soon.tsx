import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { amountOf } from "../../mine/amounts";
import { daysLeft, shortDay } from "../../mine/days";
import { type Me, mainBalance } from "../../mine/mine";
import { Icon } from "../../parts/Icon";

const SOON_DAYS = 60;
const SOON_DAYS_COUPON = 14;

type Lapsing = { amount: number; last_day: string | null } | null | undefined;

/** What is owed, and what lapses soon if it is not used: points, stored value, coupons. */
export function Soon({ me }: { me: Me }) {
  const { t } = useTranslation("loyalty");
  const points = mainBalance(me);
  const units = me.balances.filter((one) => one.unit === points?.unit || one.currency !== null);
  const coupons = soon(me.coupons?.expiring_next, SOON_DAYS_COUPON);
  return (
    <>
      {points && points.debt > 0 && (
        <p className="strip">{t("points.debt", { amount: count(points.debt), unit: points.label })}</p>
      )}
      {units.map((one) => {
        const next = soon(one.expiring_next, SOON_DAYS);
        const words = { unit: one.label, amount: next && amountOf(next.amount, one.currency) };
        return (
          next && (
            <Strip key={one.unit} to={`/points?unit=${one.unit}`}>
              {t("card.soon", { ...words, day: shortDay(next.last_day) })}
            </Strip>
          )
        );
      })}
      {coupons && (
        <Strip to="/coupons">{t("card.couponsSoon", { count: coupons.amount, day: shortDay(coupons.last_day) })}</Strip>
      )}
    </>
  );
}

function Strip({ to, children }: { to: string; children: string }) {
  return (
    <Link className="strip" to={to}>
      <Icon shape="clock" size={22} />
      <span>{children}</span>
      <Icon shape="on" size={18} />
    </Link>
  );
}

function soon(lapsing: Lapsing, days: number): { amount: number; last_day: string } | null {
  return lapsing?.last_day && daysLeft(lapsing.last_day) <= days
    ? { amount: lapsing.amount, last_day: lapsing.last_day }
    : null;
}
