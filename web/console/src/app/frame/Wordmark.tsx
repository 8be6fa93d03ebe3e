import { useTranslation } from "react-i18next";

/** The house's name, in both languages at once. */
export function Wordmark() {
  const { t } = useTranslation("common");
  return (
    <span className="wordmark">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" />
        <path d="M10 24V9h6.2a4.6 4.6 0 0 1 0 9.2H10m6 0L22 24" />
      </svg>
      <span translate="no">{t("brand.en")}</span>
      <span className="wordmark-zh" lang="zh-CN" translate="no">
        {t("brand.zh")}
      </span>
    </span>
  );
}
