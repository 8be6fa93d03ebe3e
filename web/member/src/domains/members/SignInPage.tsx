import { type Answer, answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { LANGUAGES, type Language } from "@regulars/shared/i18n/language";
import { switchLanguage } from "@regulars/shared/i18n/start";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/Button";
import { Choice } from "../../parts/Choice";
import { Field } from "../../parts/Field";
import { ProblemNote } from "../../parts/ProblemNote";
import { CodeStep } from "./CodeStep";

export type Sent = Answer<"/m/v1/sign-in", "post"> & { contact: string; at: number };

/** A code goes to a phone number or an e-mail address; with the code one is in. */
export default function SignInPage() {
  const { t, i18n } = useTranslation("members");
  const [contact, setContact] = useState("");
  const [sent, setSent] = useState<Sent | null>(null);
  const [chosen, setChosen] = useState<Language | null>(null);
  useEffect(() => {
    document.title = `${t("signIn.title")} · ${t("common:brand.name")}`;
  }, [t]);
  const asking = useMutation({
    mutationFn: () => answer(api.POST("/m/v1/sign-in", { body: { contact: contact.trim(), region: "CN" } })),
    onSuccess: (found) => setSent({ ...found, contact: contact.trim(), at: Date.now() }),
  });
  const problem = asking.isError ? fromThrown(asking.error) : null;
  const fault = problem?.faultOf("contact")?.expected;
  return (
    <main className="screen welcome">
      <header className="welcome-brand">
        <p lang="zh-CN" translate="no">
          {t("common:brand.zh")}
        </p>
        <p translate="no">{t("common:brand.en")}</p>
      </header>
      {sent ? (
        <CodeStep sent={sent} language={chosen} again={asking} onBack={() => setSent(null)} />
      ) : (
        <>
          <h1>{t("signIn.title")}</h1>
          <p className="quiet">{t("signIn.lead")}</p>
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              asking.mutate();
            }}
          >
            <Field
              label={t("signIn.contact")}
              hint={t("signIn.contactHint")}
              fault={fault && t("signIn.contactFault")}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              value={contact}
              onChange={(event) => setContact(event.target.value)}
            />
            {problem && !fault && <ProblemNote problem={problem} />}
            <Button type="submit" busy={asking.isPending} disabled={contact.trim().length < 3}>
              {t("signIn.send")}
            </Button>
          </form>
        </>
      )}
      <div className="languages">
        <Choice
          label={t("me.language")}
          value={i18n.language as Language}
          options={(Object.keys(LANGUAGES) as Language[]).map((value) => ({
            value,
            label: LANGUAGES[value],
            lang: value,
          }))}
          onChange={(language) => {
            setChosen(language);
            void switchLanguage(language);
          }}
        />
      </div>
    </main>
  );
}
