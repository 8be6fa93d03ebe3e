import { QRCodeSVG } from "qrcode.react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { CopyButton } from "../../parts/CopyButton";
import type { Coupon } from "./coupons";

const QR_PX = 184;

/** What the counter scans or types: it works once, together with the member code where the code alone does not say whose it is. */
export function CounterCode({ coupon }: { coupon: Coupon }) {
  const { t } = useTranslation("coupons");
  const code = coupon.at_counter;
  return (
    <section className="coupon-code">
      <h3>{t("code.title")}</h3>
      <div className="coupon-qr">
        <QRCodeSVG value={code} size={QR_PX} level="M" marginSize={2} title={t("code.qr")} role="img" />
      </div>
      <p className="coupon-digits">
        <span className="only-read">{t("code.title")}: </span>
        {code}
      </p>
      <CopyButton text={code} label={t("code.copy")} />
      <p className="quiet">
        {t("code.once")} <Link to="/code">{t("code.member")}</Link>
      </p>
    </section>
  );
}
