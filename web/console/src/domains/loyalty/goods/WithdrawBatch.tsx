import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "../useFocusBack";
import type { Batch } from "./goods";

/** Asks before a batch stops giving out codes: printed ones become worthless, so its name has to be typed. */
export function WithdrawBatch({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const { t } = useTranslation("goods");
  useFocusBack();
  const client = useQueryClient();
  const withdrawing = useMutation({
    mutationFn: () => answer(api.POST("/v1/coupon-batches/{batch}/void", { params: { path: { batch: batch.id } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["goods"] });
      onClose();
    },
  });
  return (
    <ConfirmImpact
      open
      danger
      title={t("batch.withdraw", { name: batch.name })}
      typeName={batch.name}
      confirm={t("withdraw.action")}
      busy={withdrawing.isPending}
      problem={withdrawing.error ? fromThrown(withdrawing.error) : null}
      onConfirm={() => withdrawing.mutate()}
      onCancel={onClose}
    >
      <p>{t("batch.withdrawText")}</p>
    </ConfirmImpact>
  );
}
