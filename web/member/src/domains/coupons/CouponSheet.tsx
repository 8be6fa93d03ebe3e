import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { Sheet } from "../../parts/Sheet";
import { CounterCode } from "./CounterCode";
import { Until } from "./CouponRow";
import type { Coupon } from "./coupons";
import { GiveAway } from "./GiveAway";

/** All about one coupon: what it gives, where and when it counts, why it does not, what the counter takes, and giving it away. */
export function CouponSheet({ coupon, onClose }: { coupon: Coupon | null; onClose: () => void }) {
  return (
    <Sheet open={coupon !== null} title={coupon ? said(coupon.label) : ""} onClose={onClose}>
      {coupon && <Details coupon={coupon} onGone={onClose} />}
    </Sheet>
  );
}

function Details({ coupon, onGone }: { coupon: Coupon; onGone: () => void }) {
  const { t } = useTranslation("coupons");
  return (
    <>
      <p className="coupon-worth">{said(coupon.worth.words)}</p>
      {coupon.became ? (
        <p className="quiet">{said(coupon.became)}</p>
      ) : (
        <p className="quiet">
          <Until coupon={coupon} />
        </p>
      )}
      {coupon.why_not && (
        <p className="strip" role="note">
          {t("whyNot", { reason: said(coupon.why_not.text) })}
        </p>
      )}
      {!coupon.became && !coupon.why_not && <CounterCode coupon={coupon} />}
      <section>
        <h3>{t("terms")}</h3>
        <ul className="coupon-terms">
          {coupon.terms.map((words) => (
            <li key={words.en}>{said(words)}</li>
          ))}
        </ul>
      </section>
      {!coupon.became && coupon.transfers_left > 0 && <GiveAway coupon={coupon} onGone={onGone} />}
    </>
  );
}
