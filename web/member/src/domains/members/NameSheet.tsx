import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { ProblemNote } from "../../parts/ProblemNote";
import { Sheet } from "../../parts/Sheet";

/** Changes the name on the card. */
export function NameSheet({ name, language }: { name: string | null; language: string }) {
  const { t } = useTranslation("members");
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(name ?? "");
  const saving = useMutation({
    mutationFn: () => answer(api.PATCH("/m/v1/me/profile", { body: { name: typed.trim() || null, language } })),
    onSuccess: () => {
      setOpen(false);
      return client.invalidateQueries({ queryKey: ["me"] });
    },
  });
  return (
    <>
      <Button
        kind="plain"
        onClick={() => {
          setTyped(name ?? "");
          setOpen(true);
        }}
      >
        {t("me.change")}
      </Button>
      <Sheet open={open} title={t("me.changeName")} onClose={() => setOpen(false)}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            saving.mutate();
          }}
        >
          <Field
            label={t("me.name")}
            hint={t("me.nameHint")}
            autoComplete="name"
            maxLength={320}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          {saving.isError && <ProblemNote problem={fromThrown(saving.error)} />}
          <Button type="submit" busy={saving.isPending}>
            {t("ui:action.save")}
          </Button>
        </form>
      </Sheet>
    </>
  );
}
