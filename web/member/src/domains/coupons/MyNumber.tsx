import { QRCodeSVG } from "qrcode.react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../mine/mine";
import { Button } from "../../parts/Button";
import { CopyButton } from "../../parts/CopyButton";
import { Sheet } from "../../parts/Sheet";

const QR_PX = 168;

/** My whole member number, for a friend who gives me a coupon. */
export function MyNumber() {
  const { t } = useTranslation("coupons");
  const me = useMe();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="soft" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {t("number.open")}
      </Button>
      <Sheet open={open} title={t("number.title")} onClose={() => setOpen(false)}>
        <p>{t("number.text")}</p>
        {me.data && (
          <section className="coupon-code">
            <div className="coupon-qr">
              <QRCodeSVG value={me.data.id} size={QR_PX} level="M" marginSize={2} title={t("number.qr")} role="img" />
            </div>
            <p className="coupon-digits">{me.data.id}</p>
            <CopyButton text={me.data.id} label={t("number.copy")} />
          </section>
        )}
      </Sheet>
    </>
  );
}
