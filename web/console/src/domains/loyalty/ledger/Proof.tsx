import { useTranslation } from "react-i18next";

/** How the ledger is proved: every balance against its entries, every decision against its rules. */
export function Proof() {
  const { t } = useTranslation("ledger");
  return (
    <section className="ledger-proof" aria-label={t("proof.title")}>
      <h2>{t("proof.title")}</h2>
      <p>
        {t("proof.text")} <code>regulars verify</code>
      </p>
    </section>
  );
}
