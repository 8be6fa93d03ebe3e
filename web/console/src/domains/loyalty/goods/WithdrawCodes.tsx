import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { instant } from "@regulars/shared/format/dates";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "../useFocusBack";
import type { Upload } from "./codes";
import { ReasonField } from "./ReasonField";

/** Asks before what nobody was given of an upload is gone, for a reason that stays in the audit log; one that still comes in is stopped. */
export function WithdrawCodes({ upload, onClose }: { upload: Upload; onClose: () => void }) {
  const { t } = useTranslation("goods");
  useFocusBack();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const withdrawing = useMutation({
    mutationFn: (why: string) => {
      const path = { pool: upload.pool, batch: upload.id };
      return answer(
        api.POST("/v1/reward-codes/{pool}/batches/{batch}/void", { params: { path }, body: { reason: why } }),
      );
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["goods"] });
      onClose();
    },
  });
  const confirm = () => {
    setMissing(reason.trim() === "");
    if (reason.trim() !== "") {
      withdrawing.mutate(reason.trim());
    }
  };
  return (
    <ConfirmImpact
      open
      danger
      title={t("codes.withdrawTitle", { at: instant(upload.made_at) })}
      confirm={t("withdraw.action")}
      busy={withdrawing.isPending}
      problem={withdrawing.error ? fromThrown(withdrawing.error) : null}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <p>{t("codes.withdrawText")}</p>
      <ReasonField
        autoFocus
        value={reason}
        example={t("codes.withdrawExample")}
        fault={missing ? t("gift.reasonMissing") : null}
        onChange={(written) => {
          setReason(written);
          setMissing(false);
        }}
      />
    </ConfirmImpact>
  );
}
