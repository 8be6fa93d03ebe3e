import { Page } from "@regulars/shared/desk/Page";
import { useMay } from "@regulars/shared/session/session";
import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { BatchesTab } from "./BatchesTab";
import { BenefitsTab } from "./BenefitsTab";
import { CounterTab } from "./CounterTab";
import { GiftCardsTab } from "./GiftCardsTab";
import { HeldTab } from "./HeldTab";
import { KindsTab } from "./KindsTab";
import { MallTab } from "./MallTab";
import { OrdersTab } from "./OrdersTab";
import "../loyalty.css";
import "./goods.css";

const TABS = [
  { key: "coupons", permission: "coupons.read", children: <KindsTab /> },
  { key: "held", permission: "coupons.read", children: <HeldTab /> },
  { key: "batches", permission: "coupons.read", children: <BatchesTab /> },
  { key: "counter", permission: "coupons.redeem", children: <CounterTab /> },
  { key: "mall", permission: "rewards.read", children: <MallTab /> },
  { key: "orders", permission: "rewards.read", children: <OrdersTab /> },
  { key: "giftCards", permission: "gift_cards.manage", children: <GiftCardsTab /> },
  { key: "benefits", permission: "benefits.read", children: <BenefitsTab /> },
] as const;

/** Coupons, the rewards mall and benefits: what there is, who has it, what is still to be sent, what it cost. */
export default function GoodsPage() {
  const { t } = useTranslation("goods");
  const may = useMay();
  const [params, setParams] = useSearchParams();
  const seen = TABS.filter((one) => may(one.permission));
  const first = seen[0]?.key ?? "coupons";
  const tab = seen.find((one) => one.key === params.get("tab"))?.key ?? first;
  return (
    <Page title={t("page.title")} lead={t("page.lead")}>
      <div className="panel loyalty-tabs">
        <Tabs
          activeKey={tab}
          // Another tab begins without the page and the filters of the one before.
          onChange={(next) => setParams(next === first ? {} : { tab: next }, { replace: true })}
          destroyOnHidden
          items={seen.map(({ key, children }) => ({ key, children, label: t(`tab.${key}`) }))}
        />
      </div>
    </Page>
  );
}
