import { type Answer, answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count, moved, NONE } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useQuery } from "@tanstack/react-query";
import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import type { Bought } from "./bought";
import { LineWhy } from "./LineWhy";

type Order = Answer<"/v1/orders/{order}", "get">;

/** One order: its lines with what of each was refunded, and what it earned and why. Esc closes it. */
export function OrderDrawer({ order, onClose }: { order: string; onClose: () => void }) {
  const { t } = useTranslation("members");
  const query = useQuery({
    queryKey: ["members", "order", order],
    queryFn: ({ signal }) => answer(api.GET("/v1/orders/{order}", { params: { path: { order } }, signal })),
    enabled: order !== "",
  });
  return (
    <Drawer
      open={order !== ""}
      onClose={onClose}
      size={Math.min(620, window.innerWidth)}
      title={t("orders.one", { number: query.data?.number ?? "" })}
      closable={{ "aria-label": t("orders.close") }}
      destroyOnHidden
    >
      {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {!query.error && query.data === undefined && <Loading />}
      {!query.error && query.data && <Whole order={query.data} />}
    </Drawer>
  );
}

function Whole({ order }: { order: Order }) {
  const { t } = useTranslation("members");
  const facts = [
    ["paidAt", instant(order.paid_at)],
    ["total", money(order.total, order.currency)],
    ["freight", order.freight ? money(order.freight, order.currency) : ""],
    ["refunded", order.refunded ? money(order.refunded, order.currency) : ""],
    ["channel", order.channel],
    ["source", order.source],
  ] as const;
  return (
    <div className="members-order">
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`orders.${name}`)}</dt>
            <dd className="num">{value || NONE}</dd>
          </div>
        ))}
      </dl>
      <Earned order={order.id} />
      <Lines order={order} />
    </div>
  );
}

function Earned({ order }: { order: string }) {
  const { t } = useTranslation("members");
  const plan = usePlan();
  // Put there by the list, which reads an order and what it earned together.
  const { data } = useQuery<Bought>({ queryKey: ["members", "bought", order], enabled: false });
  const decision = data?.earned;
  if (!decision) {
    return null;
  }
  return (
    <section>
      <h3>{t("orders.whatItEarned")}</h3>
      <ul className="members-lines">
        {decision.lines.map((line) => (
          <li key={line.n}>
            <strong className="num">
              {moved(line)} {said(plan?.units[line.unit]) || line.unit}
            </strong>
            <LineWhy decision={decision} line={line} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Lines({ order }: { order: Order }) {
  const { t } = useTranslation("members");
  return (
    <section>
      <h3>{t("orders.linesCount", { count: order.lines.length })}</h3>
      <div className="members-scroll">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t("orders.product")}</th>
              <th scope="col" className="members-right">
                {t("orders.quantity")}
              </th>
              <th scope="col" className="members-right">
                {t("orders.amount")}
              </th>
              <th scope="col" className="members-right">
                {t("orders.refunded")}
              </th>
            </tr>
          </thead>
          <tbody>
            {order.lines.map((line) => (
              <tr key={line.line}>
                <td>
                  {line.product || NONE} {line.category && <span className="quiet">{line.category}</span>}
                </td>
                <td className="num">{count(line.quantity)}</td>
                <td className="num">{money(line.amount, order.currency)}</td>
                <td className="num">{line.refunded ? money(line.refunded, order.currency) : NONE}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
