import { type Answer, answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { count } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useMutation } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

type Order = Answer<"/v1/reward-orders/{order}", "get">;
type Step = "fulfil" | "complete" | "cancel";
const EMPTY = { carrier: "", tracking: "", note: "" };

/** The next step of an order: sent, arrived, or cancelled with its points given back. A step that was taken before changes nothing. */
export function MoveOrder({ order, onMoved }: { order: Order; onMoved: () => void }) {
  const { t } = useTranslation("goods");
  const { message } = App.useApp();
  const plan = usePlan();
  const id = useId();
  const [told, setSaid] = useState(EMPTY);
  const [cancelling, setCancelling] = useState(false);
  const moving = useMutation({
    mutationFn: (step: Step) => send(order.id, step, told),
    onSuccess: (done) => {
      setCancelling(false);
      const returned = { amount: count(done.returned), unit: said(plan?.units[order.unit]) || order.unit };
      void message.success(done.state === "cancelled" ? t("orders.cancelled", returned) : t("orders.moved"));
      onMoved();
    },
  });
  if (order.state === "completed" || order.state === "cancelled") {
    return null;
  }
  const placed = order.state === "placed";
  const names = placed ? (["carrier", "tracking", "note"] as const) : (["note"] as const);
  return (
    <form
      className="goods-move"
      onSubmit={(event) => {
        event.preventDefault();
        moving.mutate(placed ? "fulfil" : "complete");
      }}
    >
      {names.map((name) => (
        <div className="goods-field" key={name}>
          <label htmlFor={`${id}-${name}`}>{t(`orders.${name}`)}</label>
          <Input
            id={`${id}-${name}`}
            value={told[name]}
            maxLength={name === "note" ? 300 : 100}
            onChange={(event) => setSaid({ ...told, [name]: event.target.value })}
          />
        </div>
      ))}
      {moving.error && !cancelling && <ProblemNote problem={fromThrown(moving.error)} />}
      <span className="goods-acts">
        <Button type="primary" htmlType="submit" loading={moving.isPending && !cancelling}>
          {t(placed ? "orders.fulfil" : "orders.complete")}
        </Button>
        {placed && (
          <Button danger onClick={() => setCancelling(true)}>
            {t("orders.cancel")}
          </Button>
        )}
      </span>
      <ConfirmImpact
        open={cancelling}
        danger
        title={t("orders.cancelTitle")}
        confirm={t("orders.cancel")}
        busy={moving.isPending}
        problem={moving.error ? fromThrown(moving.error) : null}
        onCancel={() => setCancelling(false)}
        onConfirm={() => moving.mutate("cancel")}
      >
        <p>
          {t("orders.cancelText", { amount: count(order.points), unit: said(plan?.units[order.unit]) || order.unit })}
        </p>
      </ConfirmImpact>
    </form>
  );
}

function send(order: string, step: Step, { carrier, tracking, note }: typeof EMPTY) {
  const params = { path: { order } };
  switch (step) {
    case "fulfil":
      return answer(api.POST("/v1/reward-orders/{order}/fulfil", { params, body: { carrier, tracking, note } }));
    case "complete":
      return answer(api.POST("/v1/reward-orders/{order}/complete", { params, body: { note } }));
    case "cancel":
      return answer(api.POST("/v1/reward-orders/{order}/cancel", { params, body: { note } }));
  }
}
