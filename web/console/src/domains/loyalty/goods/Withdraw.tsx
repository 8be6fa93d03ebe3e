import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "../useFocusBack";
import { CouponState } from "./heldColumns";
import { ReasonField } from "./ReasonField";

type Props = { coupon: string; label: string; member: string; onClose: () => void; onDone?: () => void };

/** Takes a coupon away from its holder, for a reason that the holder may read. */
export function Withdraw({ coupon, label, member, onClose, onDone }: Props) {
  const { t } = useTranslation("goods");
  useFocusBack();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const withdrawing = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/members/{member}/coupons/{coupon}/void", {
          params: { path: { member, coupon } },
          body: { reason: reason.trim() },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["goods"] });
      onDone?.();
      onClose();
    },
  });
  return (
    <ConfirmImpact
      open
      danger
      title={t("withdraw.title", { label })}
      confirm={t("withdraw.action")}
      busy={withdrawing.isPending}
      problem={withdrawing.error ? fromThrown(withdrawing.error) : null}
      changes={[{ label, before: <CouponState state="issued" />, after: <CouponState state="void" /> }]}
      onCancel={onClose}
      onConfirm={() => {
        setMissing(reason.trim() === "");
        if (reason.trim() !== "") {
          withdrawing.mutate();
        }
      }}
    >
      <p>{t("withdraw.text")}</p>
      <ReasonField
        autoFocus
        value={reason}
        example={t("withdraw.example")}
        fault={missing ? t("withdraw.missing") : null}
        onChange={(written) => {
          setReason(written);
          setMissing(false);
        }}
      />
    </ConfirmImpact>
  );
}
