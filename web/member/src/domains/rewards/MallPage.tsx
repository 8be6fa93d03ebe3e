import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { amountOf } from "../../mine/amounts";
import { mainBalance, useMe } from "../../mine/mine";
import { Empty } from "../../parts/Empty";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { OrderSheet } from "./OrderSheet";
import { RewardRow } from "./RewardRow";
import { type Reward, useRewards } from "./rewards";
import "./rewards.css";

/** The mall: what I have to spend, what there is for it, and what keeps me from it. */
export default function MallPage() {
  const { t } = useTranslation("rewards");
  const rewards = useRewards();
  const [chosen, choose] = useState<Reward | null>(null);
  return (
    <Page title={t("title")} back="/card">
      <Purse />
      <Loaded query={rewards} shape={[190, 190, 190]}>
        {(data) =>
          data.items.length === 0 ? (
            <section className="surface">
              <Empty title={t("none")} text={t("noneText")} />
            </section>
          ) : (
            <ul className="rewards">
              {data.items.map((reward) => (
                <RewardRow key={reward.id} reward={reward} onChoose={() => choose(reward)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <OrderSheet reward={chosen} onClose={() => choose(null)} />
    </Page>
  );
}

function Purse() {
  const { t } = useTranslation("rewards");
  const me = useMe();
  const points = me.data && mainBalance(me.data);
  return (
    <div className="purse surface">
      <p>
        {points && (
          <>
            <span className="quiet">{t("have", { unit: points.label })}</span>
            <span className="purse-amount num">{amountOf(points.available, points.currency)}</span>
          </>
        )}
      </p>
      <Link to="/mall/orders">{t("orders.title")}</Link>
    </div>
  );
}
