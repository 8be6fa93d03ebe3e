import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { said } from "@regulars/shared/session/plan";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { amountOf } from "../../mine/amounts";
import { useMe } from "../../mine/mine";
import { Button } from "../../parts/Button";
import { ProblemNote } from "../../parts/ProblemNote";
import { Sheet } from "../../parts/Sheet";
import { balanceOf, type OneOrder } from "./rewards";

/** Takes the order back while nothing was sent: asks first, then says what came back. */
export function CancelOrder({ order }: { order: OneOrder }) {
  const { t } = useTranslation("rewards");
  const client = useQueryClient();
  const me = useMe();
  const [asked, setAsked] = useState(false);
  const currency = balanceOf(me.data, order.unit)?.currency ?? null;
  const unit = currency === null ? ` ${said(order.unit_label)}` : "";
  const cancelling = useMutation({
    mutationFn: () =>
      answer(api.POST("/m/v1/me/reward-orders/{order}/cancel", { params: { path: { order: order.id } } })),
    onSuccess: () => setAsked(false),
    onSettled: () => client.invalidateQueries({ queryKey: ["me"] }),
  });
  return (
    <>
      <p role="status" className={cancelling.isSuccess ? "strip good" : "only-read"}>
        {cancelling.isSuccess && t("cancel.done", { amount: `${amountOf(cancelling.data.returned, currency)}${unit}` })}
      </p>
      {order.cancellable && (
        <Button kind="danger" aria-haspopup="dialog" onClick={() => setAsked(true)}>
          {t("cancel.start")}
        </Button>
      )}
      <Sheet open={asked} title={t("cancel.title")} onClose={() => setAsked(false)}>
        <p>{t("cancel.text", { amount: `${amountOf(order.points, currency)}${unit}` })}</p>
        {cancelling.isError && <ProblemNote problem={fromThrown(cancelling.error)} />}
        <Button kind="danger" busy={cancelling.isPending} onClick={() => cancelling.mutate()}>
          {t("cancel.do")}
        </Button>
      </Sheet>
    </>
  );
}
