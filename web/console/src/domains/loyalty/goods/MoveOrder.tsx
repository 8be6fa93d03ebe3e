import { type Answer, answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { day } from "@regulars/shared/format/dates";
import { count } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useMutation } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

type Order = Answer<"/v1/reward-orders/{order}", "get">;
type Step = "fulfil" | "complete" | "cancel";
const EMPTY = { carrier: "", tracking: "", note: "" };

/**
 * The next step of an order: sent, arrived, or cancelled with its points given back. A step that was taken before changes nothing. A code
 * goes back until somebody has seen it.
 */
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
  const placed = order.state === "placed";
  const unseen = holdsUnseen(order);
  if (!placed && !unseen && order.state !== "fulfilled") {
    return <Ended order={order} />;
  }
  const names = placed ? (["carrier", "tracking", "note"] as const) : (["note"] as const);
  return (
    <form
      className="goods-move"
      onSubmit={(event) => {
        event.preventDefault();
        if (unseen) {
          setCancelling(true);
        } else {
          moving.mutate(placed ? "fulfil" : "complete");
        }
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
        {!unseen && (
          <Button type="primary" htmlType="submit" loading={moving.isPending && !cancelling}>
            {t(placed ? "orders.fulfil" : "orders.complete")}
          </Button>
        )}
        {(placed || unseen) && (
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
        onCancel={() => {
          setCancelling(false);
          if (moving.error) {
            // It was refused: the order is another by now.
            moving.reset();
            onMoved();
          }
        }}
        onConfirm={() => moving.mutate("cancel")}
      >
        <p>
          {t("orders.cancelText", { amount: count(order.points), unit: said(plan?.units[order.unit]) || order.unit })}{" "}
          {unseen && t("codes.back", { count: order.codes.length })}
        </p>
      </ConfirmImpact>
    </form>
  );
}

/** Whether the order has a code that nobody has seen: the one completed order that can go back. */
function holdsUnseen(order: Order): boolean {
  return order.kind === "digital" && order.state === "completed" && order.codes_seen_at === null;
}

function Ended({ order }: { order: Order }) {
  const { t } = useTranslation("goods");
  return order.state === "completed" && order.codes_seen_at ? (
    <p className="quiet">{t("codes.stays", { day: day(order.codes_seen_at) })}</p>
  ) : null;
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
