import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { said } from "@regulars/shared/session/plan";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { amountOf, shortMoney } from "../../mine/amounts";
import { useMe } from "../../mine/mine";
import { useAttempt } from "../../mine/useAttempt";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { ProblemNote } from "../../parts/ProblemNote";
import { Quantity } from "./Quantity";
import { balanceOf, mostOf, priceOf, type Reward } from "./rewards";

/** How many, for what, and what then remains; only the last button takes anything. */
export function OrderForm({ reward }: { reward: Reward }) {
  const { t } = useTranslation("rewards");
  const me = useMe();
  const [quantity, setQuantity] = useState(1);
  const [address, setAddress] = useState("");
  const ordering = useOrder();
  const balance = balanceOf(me.data, reward.unit);
  const currency = balance?.currency ?? null;
  const available = balance?.available ?? 0;
  const cost = { points: reward.points * quantity, cash: reward.cash * quantity, currency: reward.currency };
  const price = priceOf(cost, said(reward.unit_label), currency);
  const sent = reward.kind === "goods";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        ordering.mutate({ reward: reward.id, quantity, address_ref: sent ? address.trim() : "" });
      }}
    >
      <Quantity value={quantity} most={mostOf(reward, available)} onChange={setQuantity} />
      <dl className="facts" aria-live="polite">
        <Line name={t("sheet.costs")} value={price} />
        <Line name={t("sheet.have")} value={amountOf(available, currency)} />
        <Line name={t("sheet.keep")} value={amountOf(available - cost.points, currency)} />
        {cost.cash > 0 && <Line name={t("sheet.cash")} value={shortMoney(cost.cash, cost.currency)} />}
      </dl>
      {sent && (
        <Field
          label={t("sheet.address")}
          hint={t("sheet.addressHint")}
          autoComplete="off"
          required
          maxLength={200}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
      )}
      {ordering.isError && <ProblemNote problem={fromThrown(ordering.error)} />}
      <Button type="submit" busy={ordering.isPending} disabled={sent && address.trim() === ""}>
        {t("sheet.do", { price })}
      </Button>
    </form>
  );
}

function Line({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{value}</dd>
    </div>
  );
}

function useOrder() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const attempt = useAttempt();
  return useMutation({
    mutationFn: (body: { reward: string; quantity: number; address_ref: string }) =>
      answer(
        api.POST("/m/v1/me/reward-orders", { params: { header: { "Idempotency-Key": attempt.keyFor(body) } }, body }),
      ),
    onSuccess: (ordered) => {
      attempt.settled();
      void client.invalidateQueries({ queryKey: ["me"] });
      navigate(`/mall/orders/${ordered.id}`);
    },
    onError: (thrown) => {
      attempt.settled(thrown);
      // What was refused may look different by now: out of stock, say.
      void client.invalidateQueries({ queryKey: ["me"] });
    },
  });
}
