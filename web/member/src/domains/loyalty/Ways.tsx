import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Me } from "../../mine/mine";
import { Icon } from "../../parts/Icon";

/** Where there is more to have: checking in, the claim centre and the mall, in a programme that has them. */
export function Ways({ me }: { me: Me }) {
  const { t } = useTranslation("loyalty");
  if (!(me.coupons || me.mall || me.check_in)) {
    return null;
  }
  return (
    <nav className="ways" aria-label={t("card.ways")}>
      {me.check_in && (
        <Link className="button soft" to="/check-in">
          <Icon shape="check" />
          {t("checkIn.title")}
        </Link>
      )}
      {me.coupons && (
        <Link className="button soft" to="/coupons/claim">
          <Icon shape="coupon" />
          {t("card.claim")}
        </Link>
      )}
      {me.mall && (
        <Link className="button soft" to="/mall">
          <Icon shape="mall" />
          {t("card.mall")}
        </Link>
      )}
      {me.mall && (
        <Link className="button soft" to="/mall/orders">
          <Icon shape="orders" />
          {t("card.mallOrders")}
        </Link>
      )}
    </nav>
  );
}
