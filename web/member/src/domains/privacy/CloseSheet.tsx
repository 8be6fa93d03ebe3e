import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { forgetSecret } from "../../mine/secret";
import { Button } from "../../parts/Button";
import { DigitsField } from "../../parts/DigitsField";
import { ProblemNote } from "../../parts/ProblemNote";
import { Sheet } from "../../parts/Sheet";

const DIGITS = 6;

/** Closing the account: a fresh code is sent first, and only that code closes it. */
export function CloseSheet({ to }: { to: string }) {
  const { t } = useTranslation("privacy");
  const [open, setOpen] = useState(false);
  const sending = useMutation({
    mutationFn: () => answer(api.POST("/m/v1/me/close/code")),
    onSuccess: () => setOpen(true),
  });
  return (
    <>
      <Button kind="danger" busy={sending.isPending} onClick={() => sending.mutate()}>
        {t("close.start", { to })}
      </Button>
      {sending.isError && <ProblemNote problem={fromThrown(sending.error)} />}
      <Sheet open={open} title={t("close.sure")} onClose={() => setOpen(false)}>
        <Confirm to={to} onCancel={() => setOpen(false)} />
      </Sheet>
    </>
  );
}

function Confirm({ to, onCancel }: { to: string; onCancel: () => void }) {
  const { t } = useTranslation("privacy");
  const [code, setCode] = useState("");
  const client = useQueryClient();
  const navigate = useNavigate();
  const closing = useMutation({
    mutationFn: () => answer(api.POST("/m/v1/me/close", { body: { code } })),
    onSuccess: () => {
      forgetSecret();
      navigate("/sign-in", { replace: true });
      client.clear();
    },
    onError: () => setCode(""),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        closing.mutate();
      }}
    >
      <p>{t("close.sureText")}</p>
      <DigitsField
        label={t("close.code", { to })}
        digits={DIGITS}
        value={code}
        invalid={closing.isError}
        onChange={setCode}
      />
      {closing.isError && <ProblemNote problem={fromThrown(closing.error)} />}
      <Button kind="soft" onClick={onCancel}>
        {t("close.stay")}
      </Button>
      <Button kind="danger" type="submit" busy={closing.isPending} disabled={code.length < DIGITS}>
        {t("close.do")}
      </Button>
    </form>
  );
}
