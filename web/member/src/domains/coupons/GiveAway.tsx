import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAttempt } from "../../mine/useAttempt";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { ProblemNote } from "../../parts/ProblemNote";
import type { Coupon } from "./coupons";

/** Gives the coupon to a friend, by the number that the friend's pages show. */
export function GiveAway({ coupon, onGone }: { coupon: Coupon; onGone: () => void }) {
  const { t } = useTranslation("coupons");
  const client = useQueryClient();
  const [number, setNumber] = useState("");
  const attempt = useAttempt();
  const giving = useMutation({
    mutationFn: (to: string) =>
      answer(
        api.POST("/m/v1/me/coupons/{coupon}/transfer", {
          params: { path: { coupon: coupon.id }, header: { "Idempotency-Key": attempt.keyFor([coupon.id, to]) } },
          body: { to },
        }),
      ),
    onSuccess: () => {
      attempt.settled();
      onGone();
      return client.invalidateQueries({ queryKey: ["me"] });
    },
    onError: attempt.settled,
  });
  return (
    <details className="coupon-give">
      <summary>{t("give.title")}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          giving.mutate(number.trim().toLowerCase());
        }}
      >
        <Field
          label={t("give.number")}
          hint={t("give.hint")}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={40}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
        />
        <p className="quiet">{t("give.forGood")}</p>
        {giving.isError && <ProblemNote problem={fromThrown(giving.error)} />}
        <Button type="submit" busy={giving.isPending} disabled={number.trim() === ""}>
          {t("give.do")}
        </Button>
      </form>
    </details>
  );
}
