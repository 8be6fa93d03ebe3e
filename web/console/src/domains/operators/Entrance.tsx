import { LANGUAGES, type Language } from "@regulars/shared/i18n/language";
import { switchLanguage } from "@regulars/shared/i18n/start";
import { Button } from "antd";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";

/** The page before the console: the house's name, a form, the choice of language. */
export function Entrance({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const { t, i18n } = useTranslation("common");
  useEffect(() => {
    document.title = `${title} · Regulars`;
  }, [title]);
  return (
    <div className="entrance">
      <section className="entrance-brand" aria-label={t("brand.en")}>
        <p className="entrance-zh" lang="zh-CN" translate="no">
          {t("brand.zh")}
        </p>
        <p className="entrance-en" translate="no">
          {t("brand.en")}
        </p>
        <p className="entrance-claim">{t("brand.claim")}</p>
      </section>
      <main className="entrance-form">
        <h1>{title}</h1>
        <p className="entrance-lead">{lead}</p>
        {children}
        <p className="entrance-languages">
          {(Object.keys(LANGUAGES) as Language[]).map((language) => (
            <Button
              key={language}
              type={language === i18n.language ? "text" : "link"}
              size="small"
              lang={language}
              aria-pressed={language === i18n.language}
              onClick={() => void switchLanguage(language)}
            >
              {LANGUAGES[language]}
            </Button>
          ))}
        </p>
      </main>
    </div>
  );
}
