import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { amountOf, shortMoney } from "../../mine/amounts";
import { shortDay } from "../../mine/days";
import { type Me, mainBalance } from "../../mine/mine";

const FULL = 3;

type Count = { name: string; amount: string; to: string };

/** What there is, each leading to where it is listed: points, coupons, stored value; where those are few, more about the points. */
export function Counts({ me }: { me: Me }) {
  const { t } = useTranslation("loyalty");
  const points = mainBalance(me);
  if (!points) {
    return null;
  }
  const { expiring_next: next } = points;
  const held: Count[] = [
    {
      name: t("card.available", { unit: points.label }),
      amount: amountOf(points.available, points.currency),
      to: "/points",
    },
    ...(me.coupons ? [{ name: t("card.coupons"), amount: count(me.coupons.in_hand), to: "/coupons" }] : []),
    ...me.balances.flatMap((one) =>
      one.currency === null
        ? []
        : [{ name: one.label, amount: shortMoney(one.available, one.currency), to: `/points?unit=${one.unit}` }],
    ),
  ];
  const more: Count[] = [
    { name: t("card.pending"), amount: count(points.pending), to: "/points" },
    {
      name: next?.last_day ? t("card.expiringOn", { day: shortDay(next.last_day) }) : t("card.expiring"),
      amount: count(next?.last_day ? next.amount : 0),
      to: "/points",
    },
  ];
  return (
    <ul className="counts surface">
      {[...held, ...more.slice(0, Math.max(0, FULL - held.length))].map((one) => (
        <li key={one.name}>
          <Link to={one.to}>
            <span className="counts-name">{one.name} </span>
            <span className="counts-amount num">{one.amount}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
