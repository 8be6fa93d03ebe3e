import { longDay } from "@regulars/shared/format/dates";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "../../mine/mine";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { Loaded } from "../../parts/Loaded";
import { More } from "../../parts/More";
import { Page } from "../../parts/Page";
import { balanceOf, priceOf, type RewardOrder, useRewardOrders } from "./rewards";
import "./rewards.css";

/** What I ordered from the mall, newest first, each with where it stands. */
export default function RewardOrdersPage() {
  const { t } = useTranslation("rewards");
  const orders = useRewardOrders();
  return (
    <Page title={t("orders.title")} back="/mall">
      <Loaded query={orders} shape={[84, 84, 84]}>
        {(data) => {
          const found = data.pages.flatMap((page) => page.items);
          if (found.length === 0) {
            return (
              <section className="surface">
                <Empty title={t("orders.none")} text={t("orders.noneText")}>
                  <Link className="button soft" to="/mall">
                    {t("title")}
                  </Link>
                </Empty>
              </section>
            );
          }
          return (
            <>
              <ul className="surface reward-orders">
                {found.map((order) => (
                  <OrderRow key={order.id} order={order} />
                ))}
              </ul>
              <More query={orders} end={t("orders.end")} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function OrderRow({ order }: { order: RewardOrder }) {
  const { t } = useTranslation("rewards");
  const me = useMe();
  const price = priceOf(order, said(order.unit_label), balanceOf(me.data, order.unit)?.currency ?? null);
  return (
    <li>
      <Link to={`/mall/orders/${order.id}`}>
        <span className="row-words">
          <span>{t("order.what", { name: said(order.label), amount: count(order.quantity) })}</span>
          <span className="quiet num">
            {longDay(order.placed_at)} · {price}
          </span>
        </span>
        <span className="badge" data-state={order.state}>
          {t(`state.${order.state}`)}
        </span>
        <Icon shape="on" size={18} />
      </Link>
    </li>
  );
}
