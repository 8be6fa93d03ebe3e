import { currentLanguage } from "@regulars/shared/i18n/language";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { shortMoney } from "../../mine/amounts";
import type { Worth } from "./coupons";

const WHOLE = 10_000;

/** A coupon as one would hold it: what it is worth on the stub, its name and terms beside it. */
export function Ticket({ worth, dim = false, children }: { worth: Worth; dim?: boolean; children: ReactNode }) {
  return (
    <article className="ticket" data-dim={dim}>
      <p className="ticket-stub num" aria-hidden="true">
        <Stub worth={worth} />
      </p>
      <div className="ticket-body">{children}</div>
    </article>
  );
}

function Stub({ worth }: { worth: Worth }) {
  const { t } = useTranslation("coupons");
  if (worth.off !== null) {
    return <span>{shortMoney(worth.off, worth.currency)}</span>;
  }
  if (worth.rate_bp !== null) {
    // English says what comes off, Chinese what is left to pay, in tenths.
    const value = currentLanguage() === "en" ? (WHOLE - worth.rate_bp) / 100 : worth.rate_bp / 1000;
    return <span>{t("stub.percent", { value })}</span>;
  }
  return <span className="ticket-words">{worth.kind === "exchange" ? t("stub.exchange") : t("stub.delivery")}</span>;
}
