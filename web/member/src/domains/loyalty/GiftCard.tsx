import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { money } from "@regulars/shared/format/money";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAttempt } from "../../mine/useAttempt";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { ProblemNote } from "../../parts/ProblemNote";
import type { Unit } from "./PointsPage";

/** Puts a gift card on the stored value, by its code. */
export function GiftCard({ unit }: { unit: Unit }) {
  const { t } = useTranslation("loyalty");
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const attempt = useAttempt();
  const loading = useMutation({
    mutationFn: (typed: string) =>
      answer(
        api.POST("/m/v1/me/gift-cards", {
          params: { header: { "Idempotency-Key": attempt.keyFor(typed) } },
          body: { code: typed },
        }),
      ),
    onSuccess: () => {
      attempt.settled();
      setCode("");
      return client.invalidateQueries({ queryKey: ["me"] });
    },
    onError: attempt.settled,
  });
  return (
    <details className="surface fold">
      <summary>{t("points.card")}</summary>
      <form
        className="fold-form"
        onSubmit={(event) => {
          event.preventDefault();
          loading.mutate(code.trim());
        }}
      >
        <Field
          label={t("points.cardCode")}
          hint={t("points.cardHint")}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={80}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        {loading.isError && <ProblemNote problem={fromThrown(loading.error)} />}
        <p role="status" className={loading.isSuccess ? "strip good" : "only-read"}>
          {loading.isSuccess && t("points.cardDone", { amount: money(loading.data.amount, unit.currency ?? "") })}
        </p>
        <Button type="submit" busy={loading.isPending} disabled={code.trim() === ""}>
          {t("points.cardDo", { unit: unit.label })}
        </Button>
      </form>
    </details>
  );
}
