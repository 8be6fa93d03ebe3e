import { EyeInvisibleOutlined, EyeOutlined } from "@ant-design/icons";
import { type Answer, answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { instant } from "@regulars/shared/format/dates";
import { useMay } from "@regulars/shared/session/session";
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "../useFocusBack";
import { ReasonField } from "./ReasonField";

type Order = Answer<"/v1/reward-orders/{order}", "get">;
const SHOWN_MS = 2 * 60_000;

/** The codes an order handed out, their ends only; in full for a reason that is kept, and covered again after two minutes. */
export function OrderCodes({ order, onSeen }: { order: Order; onSeen: () => void }) {
  const { t } = useTranslation("goods");
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const revealing = useRevealing(order.id, () => {
    setAsking(false);
    onSeen();
  });
  if (order.codes.length === 0) {
    return null;
  }
  const close = () => {
    setAsking(false);
    revealing.reset();
  };
  const shown = revealing.data?.codes;
  return (
    <section aria-label={t("codes.ofOrder")}>
      <h3>{t("codes.ofOrder")}</h3>
      <ul className="goods-order-codes">
        {(shown ?? order.codes).map((code, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two short codes are covered alike
          <li key={place}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p className="quiet">
        {order.codes_seen_at ? t("codes.seenAt", { at: instant(order.codes_seen_at) }) : t("codes.unseen")}
      </p>
      {may("rewards.fulfil") &&
        (shown ? (
          <Button size="small" icon={<EyeInvisibleOutlined />} onClick={revealing.reset}>
            {t("codes.hide")}
          </Button>
        ) : (
          <Button size="small" icon={<EyeOutlined />} onClick={() => setAsking(true)}>
            {t("codes.reveal")}
          </Button>
        ))}
      {asking && <Ask order={order} revealing={revealing} onClose={close} />}
    </section>
  );
}

type AskProps = { order: Order; revealing: ReturnType<typeof useRevealing>; onClose: () => void };

function Ask({ order, revealing, onClose }: AskProps) {
  const { t } = useTranslation("goods");
  useFocusBack();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const confirm = () => {
    setMissing(reason.trim() === "");
    if (reason.trim() !== "") {
      revealing.mutate(reason.trim());
    }
  };
  return (
    <ConfirmImpact
      open
      title={t("codes.revealTitle", { count: order.codes.length })}
      confirm={t("codes.reveal")}
      busy={revealing.isPending}
      problem={revealing.error ? fromThrown(revealing.error) : null}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <p>{t(order.codes_seen_at ? "codes.revealAgain" : "codes.revealText")}</p>
      <ReasonField
        autoFocus
        value={reason}
        example={t("codes.reasonExample")}
        fault={missing ? t("gift.reasonMissing") : null}
        onChange={(written) => {
          setReason(written);
          setMissing(false);
        }}
      />
    </ConfirmImpact>
  );
}

function useRevealing(order: string, onShown: () => void) {
  const revealing = useMutation({
    mutationFn: (reason: string) =>
      answer(api.POST("/v1/reward-orders/{order}/codes/reveal", { params: { path: { order } }, body: { reason } })),
    onSuccess: onShown,
    gcTime: 0,
  });
  const { data, reset } = revealing;
  useEffect(() => {
    if (data === undefined) {
      return;
    }
    const timer = setTimeout(reset, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [data, reset]);
  return revealing;
}
