import { LANGUAGES, type Language } from "@regulars/shared/i18n/language";
import { switchLanguage } from "@regulars/shared/i18n/start";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";

/** Where a member asks for a code. Nothing is sent until the routes below /m/v1 are there. */
export default function SignInPage() {
  const { t, i18n } = useTranslation("members");
  const [phone, setPhone] = useState("");
  useEffect(() => {
    document.title = t("signIn.title");
  }, [t]);
  return (
    <main className="screen welcome">
      <header className="welcome-brand">
        <p lang="zh-CN" translate="no">
          {t("common:brand.zh")}
        </p>
        <p translate="no">{t("common:brand.en")}</p>
      </header>
      <h1>{t("signIn.title")}</h1>
      <p className="quiet">{t("signIn.lead")}</p>
      <form onSubmit={(event) => event.preventDefault()}>
        <Field
          label={t("signIn.phone")}
          type="tel"
          inputMode="tel"
          autoComplete="tel"
          required
          value={phone}
          onChange={(event) => setPhone(event.target.value)}
        />
        <Button type="submit" disabled={phone.trim() === ""}>
          {t("signIn.send")}
        </Button>
      </form>
      <p className="languages">
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Button
            key={language}
            kind="plain"
            lang={language}
            aria-pressed={language === i18n.language}
            onClick={() => void switchLanguage(language)}
          >
            {LANGUAGES[language]}
          </Button>
        ))}
      </p>
    </main>
  );
}
