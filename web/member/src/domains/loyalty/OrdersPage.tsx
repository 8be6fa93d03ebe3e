import { money } from "@regulars/shared/format/money";
import { count, signed } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { dayWords, monthWords } from "../../mine/days";
import { Empty } from "../../parts/Empty";
import { Loaded } from "../../parts/Loaded";
import { More } from "../../parts/More";
import { Page } from "../../parts/Page";
import { byMonth, type Order, useOrders } from "./history";

const MONTH = "2026-01".length;

/** What I bought, and what each order earned. */
export default function OrdersPage() {
  const { t } = useTranslation("loyalty");
  const orders = useOrders();
  return (
    <Page title={t("orders.title")}>
      <Loaded query={orders} shape={[120, 120, 120]}>
        {(data) => {
          const months = byMonth(
            data.pages.flatMap((page) => page.items),
            (order) => order.day.slice(0, MONTH),
          );
          if (months.length === 0) {
            return (
              <Empty title={t("orders.never")} text={t("orders.neverText")}>
                <Link className="button soft" to="/code">
                  {t("card.code")}
                </Link>
              </Empty>
            );
          }
          return (
            <>
              {months.map(({ month, rows }) => (
                <section key={month} className="month">
                  <h2>{monthWords(month)}</h2>
                  <ul className="orders">
                    {rows.map((order) => (
                      <li key={`${order.number} ${order.paid_at}`}>
                        <OrderCard order={order} />
                      </li>
                    ))}
                  </ul>
                </section>
              ))}
              <More query={orders} end={t("orders.end")} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function OrderCard({ order }: { order: Order }) {
  const { t } = useTranslation("loyalty");
  const where = [order.store, order.channel].filter(Boolean).join(" · ");
  return (
    <details className="surface order">
      <summary>
        <span className="order-what">
          <span className="order-day">{dayWords(order.day)}</span>
          <span className="quiet">
            {t("orders.number", { number: order.number })}
            {where && ` · ${where}`}
          </span>
        </span>
        <span className="order-total num">{money(order.total, order.currency)}</span>
        <span className="chips">
          {order.earned.map((one) => (
            <span key={one.unit} className="chip num">
              {signed(one.granted - one.taken_back)} {one.label}
            </span>
          ))}
          {order.earned.length === 0 && <span className="quiet">{t("orders.nothing")}</span>}
          {order.refunded > 0 && (
            <span className="chip warn num">
              {t("orders.refunded", { amount: money(order.refunded, order.currency) })}
            </span>
          )}
        </span>
      </summary>
      <table className="lines">
        <caption className="only-read">{t("orders.lines", { count: order.lines.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("orders.product")}</th>
            <th scope="col">{t("orders.quantity")}</th>
            <th scope="col">{t("orders.amount")}</th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same product may stand on two lines of an order, which never change
            <tr key={place}>
              <td>{line.product}</td>
              <td className="num">{count(line.quantity)}</td>
              <td className="num">{money(line.amount, order.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {order.earned
        .filter((one) => one.taken_back > 0)
        .map((one) => (
          <p key={one.unit} className="quiet">
            {t("orders.takenBack", { granted: count(one.granted), taken: count(one.taken_back), unit: one.label })}
          </p>
        ))}
    </details>
  );
}
