import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { money } from "@regulars/shared/format/money";
import { count } from "@regulars/shared/format/numbers";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "../useFocusBack";
import type { GiftBatch } from "./gifts";
import { ReasonField } from "./ReasonField";

type Props = { onClose: () => void; onDone?: () => void } & ({ batch: GiftBatch } | { code: string });

/** Withdraws the card of a code, or all cards of a batch that nobody redeemed, for a reason that stays in the audit log. */
export function WithdrawGift({ onClose, onDone, ...what }: Props) {
  const { t } = useTranslation("goods");
  useFocusBack();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const withdrawing = useMutation({
    mutationFn: async (why: string) => {
      if ("code" in what) {
        await answer(api.POST("/v1/gift-cards:void", { body: { code: what.code, reason: why } }));
      } else {
        const path = { batch: what.batch.batch };
        await answer(api.POST("/v1/gift-cards/{batch}/void", { params: { path }, body: { reason: why } }));
      }
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["goods"] });
      onDone?.();
      onClose();
    },
  });
  const confirm = () => {
    setMissing(reason.trim() === "");
    if (reason.trim() !== "") {
      withdrawing.mutate(reason.trim());
    }
  };
  const batch = "batch" in what ? what.batch : null;
  const open = batch ? batch.cards - batch.redeemed - batch.void : 1;
  return (
    <ConfirmImpact
      open
      danger
      title={batch ? t("batch.withdraw", { name: batch.batch }) : t("gift.withdrawTitle")}
      confirm={t("withdraw.action")}
      {...(batch ? { typeName: batch.batch } : {})}
      busy={withdrawing.isPending}
      problem={withdrawing.error ? fromThrown(withdrawing.error) : null}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <p>
        {batch
          ? t("gift.withdrawText", {
              count: open,
              shown: count(open),
              amount: money(open * batch.face, batch.currency),
            })
          : t("gift.withdrawCardText")}
      </p>
      <ReasonField
        value={reason}
        example={t("gift.reasonExample")}
        fault={missing ? t("gift.reasonMissing") : null}
        onChange={(written) => {
          setReason(written);
          setMissing(false);
        }}
      />
    </ConfirmImpact>
  );
}
