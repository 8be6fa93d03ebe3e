import { type Answer, answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { Tag } from "@regulars/shared/desk/Tag";
import { Who } from "@regulars/shared/desk/Who";
import { instant } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { titleAt, useOutline } from "@regulars/shared/session/outline";
import { useMay } from "@regulars/shared/session/session";
import { useQuery } from "@tanstack/react-query";
import { Drawer } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isOrderState, ORDER_TONES } from "./goods";
import { MemberLink } from "./MemberLink";
import { MoveOrder } from "./MoveOrder";
import { withNames } from "./names";
import { OrderCodes } from "./OrderCodes";
import { usePrice } from "./rewardColumns";

type Order = Answer<"/v1/reward-orders/{order}", "get"> & { called: string | null };

type Props = { order: string; onClose: () => void; onMoved: () => void };

/** One reward order: what, whose, every step it took, and the next one. Esc closes it. */
export function OrderDrawer({ order, onClose, onMoved }: Props) {
  const { t } = useTranslation("goods");
  const may = useMay();
  const outline = useOutline();
  const query = useQuery({
    queryKey: ["goods", "order", order],
    queryFn: async ({ signal }): Promise<Order> => {
      const found = await answer(api.GET("/v1/reward-orders/{order}", { params: { path: { order } }, signal }));
      const [named] = await withNames([found], may, signal);
      return named ?? { ...found, called: null };
    },
    enabled: order !== "",
  });
  return (
    <Drawer
      open={order !== ""}
      onClose={onClose}
      size={Math.min(560, window.innerWidth)}
      title={query.data ? titleAt(outline, `rewards.${query.data.reward}`) : t("orders.one")}
      closable={{ "aria-label": t("ui:action.close") }}
      destroyOnHidden
    >
      {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {!query.error && query.data === undefined && <Loading />}
      {!query.error && query.data && (
        <div className="goods-stack">
          <Facts order={query.data} />
          <OrderCodes order={query.data} onSeen={onMoved} />
          {may("rewards.fulfil") && <MoveOrder key={query.data.state} order={query.data} onMoved={onMoved} />}
          <Steps order={query.data} />
        </div>
      )}
    </Drawer>
  );
}

function Facts({ order }: { order: Order }) {
  const { t } = useTranslation("goods");
  const price = usePrice();
  const facts: [string, ReactNode][] = [
    [t("held.state"), <State key="state" state={order.state} />],
    [t("held.member"), <MemberLink key="who" id={order.member} called={order.called} tab="goods" />],
    [t("orders.quantity"), count(order.quantity)],
    [t("mall.price"), price(order)],
    [t("orders.placedAt"), instant(order.placed_at)],
  ];
  if (order.kind !== "digital") {
    const sent = [order.carrier, order.tracking].filter(Boolean).join(" ");
    facts.push([t("orders.address"), order.address_ref || NONE], [t("orders.tracking"), sent || NONE]);
  }
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function State({ state }: { state: string }) {
  const { t } = useTranslation("goods");
  return isOrderState(state) ? <Tag tone={ORDER_TONES[state]}>{t(`orderState.${state}`)}</Tag> : state;
}

function Steps({ order }: { order: Order }) {
  const { t } = useTranslation("goods");
  return (
    <section aria-label={t("orders.steps")}>
      <h3>{t("orders.steps")}</h3>
      <ol className="goods-steps">
        {order.events.map((step) => (
          <li key={`${step.state} ${step.at}`}>
            <State state={step.state} /> <time className="num">{instant(step.at)}</time> <Who id={step.actor} />
            {step.note && <p className="quiet">{step.note}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
