import { instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useMe } from "../../mine/mine";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { CancelOrder } from "./CancelOrder";
import { Codes } from "./Codes";
import { balanceOf, type OneOrder, priceOf, useRewardOrder } from "./rewards";
import "./rewards.css";

/** One order: what it was, where it stands, all that happened, and taking it back while that is allowed. */
export default function RewardOrderPage() {
  const { t } = useTranslation("rewards");
  const { order = "" } = useParams();
  const query = useRewardOrder(order);
  return (
    <Page title={t("order.title")} back="/mall/orders">
      <Loaded query={query} shape={[150, 200]}>
        {(data) => (
          <>
            <What order={data} />
            {data.codes > 0 && <Codes order={data} />}
            <Steps order={data} />
            <CancelOrder order={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function What({ order }: { order: OneOrder }) {
  const { t } = useTranslation("rewards");
  const me = useMe();
  const price = priceOf(order, said(order.unit_label), balanceOf(me.data, order.unit)?.currency ?? null);
  return (
    <section className="surface stack">
      <header className="section-head">
        <h2>{t("order.what", { name: said(order.label), amount: count(order.quantity) })}</h2>
        <span className="badge" data-state={order.state}>
          {t(`state.${order.state}`)}
        </span>
      </header>
      <p className="reward-price num">{price}</p>
      {order.cash > 0 && order.state === "placed" && (
        <p className="quiet">{t("order.cash", { amount: money(order.cash, order.currency) })}</p>
      )}
      {order.address_ref && <p className="quiet">{t("order.address", { name: order.address_ref })}</p>}
      <p>{t(`order.next.${order.state}`)}</p>
      {order.kind === "coupon" && order.state === "completed" && (
        <Link className="reward-to" to="/coupons">
          {t("order.toCoupons")}
        </Link>
      )}
      {order.kind === "gift_card" && order.state === "completed" && (
        <Link className="reward-to" to="/points">
          {t("order.toValue")}
        </Link>
      )}
    </section>
  );
}

function Steps({ order }: { order: OneOrder }) {
  const { t } = useTranslation("rewards");
  return (
    <section className="surface">
      <h2>{t("order.steps")}</h2>
      <ol className="steps">
        {order.steps.map((step) => (
          <li key={step.state}>
            <p>{t(`state.${step.state}`)}</p>
            <p className="quiet">
              <time dateTime={step.at}>{instant(step.at)}</time>
            </p>
            {(step.carrier || step.tracking) && (
              <p className="num">{t("order.sent", { carrier: step.carrier, number: step.tracking })}</p>
            )}
            {step.note && <p>{step.note}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
