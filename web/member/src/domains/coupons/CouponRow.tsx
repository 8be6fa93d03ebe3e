import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { daysLeft, dayWords } from "../../mine/days";
import { Button } from "../../parts/Button";
import type { Coupon } from "./coupons";
import { Ticket } from "./Ticket";

const SOON_DAYS = 7;

/** One coupon of the list: what it gives, until when, and what stands in its way. */
export function CouponRow({ coupon, onOpen }: { coupon: Coupon; onOpen: () => void }) {
  const { t } = useTranslation("coupons");
  const name = said(coupon.label);
  const soon = coupon.became === null && coupon.last_day !== null && daysLeft(coupon.last_day) <= SOON_DAYS;
  return (
    <li>
      <Ticket worth={coupon.worth} dim={coupon.became !== null}>
        <h2>{name}</h2>
        <p>{said(coupon.worth.words)}</p>
        <p className="quiet">{coupon.became ? said(coupon.became) : <Until coupon={coupon} />}</p>
        {soon && <span className="chip warn">{t("soon")}</span>}
        {coupon.why_not && <p className="ticket-why">{t("whyNot", { reason: said(coupon.why_not.text) })}</p>}
        <Button kind={coupon.became ? "plain" : "soft"} aria-haspopup="dialog" onClick={onOpen}>
          {coupon.became || coupon.why_not ? t("details") : t("open")}
          <span className="only-read"> {name}</span>
        </Button>
      </Ticket>
    </li>
  );
}

/** Until when a coupon in hand can be used. */
export function Until({ coupon }: { coupon: Pick<Coupon, "last_day"> }) {
  const { t } = useTranslation("coupons");
  return coupon.last_day === null ? (
    t("forEver")
  ) : (
    <time dateTime={coupon.last_day}>{t("through", { day: dayWords(coupon.last_day) })}</time>
  );
}
