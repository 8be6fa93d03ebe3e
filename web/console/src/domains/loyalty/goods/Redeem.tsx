import { useAttempt } from "@regulars/shared/api/attempt";
import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { asBody, type Hand } from "./CounterTab";

/** Takes the coupon for the bill that was named. Sent twice it is taken once. */
export function Redeem({ hand, onDone }: { hand: Hand; onDone: () => void }) {
  const { t } = useTranslation("goods");
  const { message } = App.useApp();
  const client = useQueryClient();
  const attempt = useAttempt();
  const redeeming = useMutation({
    mutationFn: () => {
      const body = { ...asBody(hand), amount: hand.amount ?? 0 };
      return answer(
        api.POST("/v1/coupons:redeem", { params: { header: { "Idempotency-Key": attempt.keyFor(body) } }, body }),
      );
    },
    onSuccess: async () => {
      attempt.done();
      void message.success(t("counter.redeemed"));
      await client.invalidateQueries({ queryKey: ["goods"] });
      onDone();
    },
  });
  return (
    <>
      <Button type="primary" loading={redeeming.isPending} onClick={() => redeeming.mutate()}>
        {t("counter.redeem")}
      </Button>
      {redeeming.error && <ProblemNote problem={fromThrown(redeeming.error)} />}
    </>
  );
}
