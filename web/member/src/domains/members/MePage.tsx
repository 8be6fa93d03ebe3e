import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { longDay } from "@regulars/shared/format/dates";
import { LANGUAGES, type Language } from "@regulars/shared/i18n/language";
import { switchLanguage } from "@regulars/shared/i18n/start";
import { chooseMode, type Choice as Mode, useMode } from "@regulars/shared/theme/mode";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useMine } from "../../mine/mine";
import { forgetSecret } from "../../mine/secret";
import { Button } from "../../parts/Button";
import { Choice } from "../../parts/Choice";
import { Icon } from "../../parts/Icon";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { NameSheet } from "./NameSheet";

const MODES: readonly Mode[] = ["system", "light", "dark"];

/** Who I am here, what I allow, and how these pages look. */
export default function MePage() {
  const { t } = useTranslation("members");
  const profile = useMine("profile", (signal) => answer(api.GET("/m/v1/me/profile", { signal })));
  return (
    <Page title={t("me.title")}>
      <Loaded query={profile} shape={[220]}>
        {(data) => (
          <section className="surface">
            <header className="section-head">
              <h2>{t("me.details")}</h2>
              <NameSheet name={data.name} language={data.language} />
            </header>
            <dl className="facts">
              <Fact name={t("me.name")} value={data.name} />
              <Fact name={t("me.phone")} value={data.phone} />
              <Fact name={t("me.email")} value={data.email} />
              <Fact name={t("me.birthday")} value={data.birthday} />
              <Fact name={t("me.joined")} value={longDay(data.joined_at)} />
            </dl>
            <p className="quiet">{t("me.counter")}</p>
          </section>
        )}
      </Loaded>
      <nav className="surface links" aria-label={t("me.privacy")}>
        <h2>{t("me.privacy")}</h2>
        {(["consents", "devices", "data"] as const).map((to) => (
          <Link key={to} to={`/me/${to}`}>
            <span>
              {t(`me.to.${to}`)}
              <span className="quiet">{t(`me.toText.${to}`)}</span>
            </span>
            <Icon shape="on" size={18} />
          </Link>
        ))}
      </nav>
      <Looks />
      <SignOut />
    </Page>
  );
}

function Fact({ name, value }: { name: string; value: string | null }) {
  const { t } = useTranslation("members");
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? <span className="quiet">{t("me.none")}</span>}</dd>
    </div>
  );
}

function Looks() {
  const { t, i18n } = useTranslation("members");
  const { choice } = useMode();
  const client = useQueryClient();
  const speaking = useMutation({
    mutationFn: async (language: Language) => {
      await answer(api.PATCH("/m/v1/me/profile", { body: { language } }));
      await switchLanguage(language);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["me"] }),
  });
  return (
    <section className="surface settings">
      <h2>{t("me.language")}</h2>
      <Choice
        label={t("me.language")}
        value={i18n.language as Language}
        options={(Object.keys(LANGUAGES) as Language[]).map((value) => ({
          value,
          label: LANGUAGES[value],
          lang: value,
        }))}
        onChange={(language) => speaking.mutate(language)}
      />
      {speaking.isError && <ProblemNote problem={fromThrown(speaking.error)} />}
      <h2>{t("me.looks")}</h2>
      <Choice
        label={t("me.looks")}
        value={choice}
        options={MODES.map((value) => ({ value, label: t(`me.mode.${value}`) }))}
        onChange={chooseMode}
      />
    </section>
  );
}

function SignOut() {
  const { t } = useTranslation("members");
  const client = useQueryClient();
  const navigate = useNavigate();
  const leaving = useMutation({
    mutationFn: () => answer(api.DELETE("/m/v1/session")),
    onSuccess: () => {
      forgetSecret();
      navigate("/sign-in", { replace: true });
      client.clear();
    },
  });
  return (
    <>
      <Button kind="soft" busy={leaving.isPending} onClick={() => leaving.mutate()}>
        {t("me.signOut")}
      </Button>
      {leaving.isError && (
        <p className="fault" role="alert">
          {t("me.signOutFailed")}
        </p>
      )}
    </>
  );
}
