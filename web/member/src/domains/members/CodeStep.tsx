import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import type { Language } from "@regulars/shared/i18n/language";
import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { useSecondsUntil } from "../../mine/useSeconds";
import { Button } from "../../parts/Button";
import { DigitsField } from "../../parts/DigitsField";
import { ProblemNote } from "../../parts/ProblemNote";
import type { Sent } from "./SignInPage";

type Props = {
  sent: Sent;
  /** What was chosen on the sign-in page, to be kept with the account. */
  language: Language | null;
  again: Pick<UseMutationResult<unknown, Error, void>, "mutate" | "isPending" | "isError" | "error">;
  onBack: () => void;
};

/** The six digits that were sent: typed, pasted or filled in by the device; the last one signs in. */
export function CodeStep({ sent, language, again, onBack }: Props) {
  const { t } = useTranslation("members");
  const client = useQueryClient();
  const navigate = useNavigate();
  const location = useLocation();
  const [code, setCode] = useState("");
  const wait = useSecondsUntil(sent.at + sent.again_after_seconds * 1000);
  const signing = useMutation({
    mutationFn: async (typed: string) => {
      await answer(
        api.POST("/m/v1/session", { body: { contact: sent.contact, region: "CN", code: typed, carry: "cookie" } }),
      );
      if (language) {
        await answer(api.PATCH("/m/v1/me/profile", { body: { language } })).catch(() => undefined);
      }
    },
    onSuccess: () => {
      client.clear();
      const from = (location.state as { from?: string } | null)?.from;
      navigate(from ?? "/card", { replace: true });
    },
    onError: () => setCode(""),
  });
  const problem = signing.isError ? fromThrown(signing.error) : again.isError ? fromThrown(again.error) : null;
  return (
    <>
      <h1>{t("signIn.codeTitle")}</h1>
      <p className="quiet">
        {t("signIn.codeLead", { contact: sent.contact, minutes: Math.round(sent.valid_seconds / 60) })}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signing.mutate(code);
        }}
      >
        <DigitsField
          label={t("signIn.code", { digits: sent.digits })}
          digits={sent.digits}
          value={code}
          invalid={signing.isError}
          onChange={setCode}
          onFull={(typed) => signing.mutate(typed)}
        />
        {problem && <ProblemNote problem={problem} />}
        <Button type="submit" busy={signing.isPending} disabled={code.length < sent.digits}>
          {t("signIn.enter")}
        </Button>
        <div className="signin-more">
          <Button kind="plain" disabled={wait > 0} busy={again.isPending} onClick={() => again.mutate()}>
            {wait > 0 ? t("signIn.againIn", { seconds: wait }) : t("signIn.again")}
          </Button>
          <Button kind="plain" onClick={onBack}>
            {t("signIn.other")}
          </Button>
        </div>
      </form>
    </>
  );
}
