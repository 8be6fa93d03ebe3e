import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Page } from "@regulars/shared/desk/Page";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { useMay } from "@regulars/shared/session/session";
import { useQuery } from "@tanstack/react-query";
import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Adjust } from "./Adjust";
import { Actions } from "./actions/Actions";
import { GoodsTab } from "./actions/GoodsTab";
import { BalancesCard } from "./BalancesCard";
import { ConsentsTab } from "./ConsentsTab";
import { IdentityCard } from "./IdentityCard";
import { IdsTab } from "./IdsTab";
import { LedgerTab } from "./LedgerTab";
import { NotesTab } from "./NotesTab";
import { OrdersTab } from "./OrdersTab";
import { type Card, calledBy } from "./people";
import { Steps } from "./Steps";
import { TierCard } from "./TierCard";
import { TimelineTab } from "./TimelineTab";
import { useTab } from "./useTab";
import { useWalk } from "./useWalk";
import "./members.css";

/** One member: at the left who they are and what they hold, at the right what happened. The tab stands in the address. */
export default function MemberPage() {
  const { t } = useTranslation("members");
  const { member = "" } = useParams();
  const may = useMay();
  const [walk] = useWalk();
  const query = useQuery({
    queryKey: ["members", "card", member],
    queryFn: ({ signal }) => answer(api.GET("/v1/people/{member}", { params: { path: { member } }, signal })),
  });
  const card = query.error ? undefined : query.data;
  return (
    <Page
      title={card ? calledBy(card.person) : t("one.title")}
      back={<Link to={`/members${walk.ids.includes(member) ? walk.address : ""}`}>{t("list.title")}</Link>}
      actions={
        <>
          <Steps member={member} />
          {card && <Actions key={card.person.id} card={card} />}
          {card && may("points.adjust") && <Adjust card={card} />}
        </>
      }
    >
      {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {!query.error && !card && <Loading rows={10} />}
      {/* By its id: nothing typed or revealed for one member is left for the next. */}
      {card && <Content key={card.person.id} card={card} />}
    </Page>
  );
}

function Content({ card }: { card: Card }) {
  const { t } = useTranslation("members");
  const may = useMay();
  const [tab, setTab] = useTab("timeline");
  const member = card.person.id;
  const tabs = [
    { key: "timeline", permission: "members.read", children: <TimelineTab member={member} /> },
    { key: "ledger", permission: "points.read", children: <LedgerTab member={member} wallets={card.wallets} /> },
    { key: "goods", permission: "coupons.read", children: <GoodsTab card={card} /> },
    { key: "orders", permission: "orders.read", children: <OrdersTab member={member} /> },
    { key: "consents", permission: "members.read", children: <ConsentsTab member={member} /> },
    { key: "notes", permission: "members.read", children: <NotesTab member={member} /> },
    { key: "ids", permission: "members.read", children: <IdsTab card={card} /> },
  ] as const;
  const seen = tabs.filter((one) => may(one.permission));
  return (
    <div className="two-columns members-one">
      <div>
        <IdentityCard card={card} />
        <TierCard card={card} />
        <BalancesCard card={card} />
      </div>
      <div className="panel">
        <Tabs
          activeKey={seen.some((one) => one.key === tab) ? tab : "timeline"}
          onChange={setTab}
          destroyOnHidden
          items={seen.map(({ key, children }) => ({ key, children, label: t(`tab.${key}`) }))}
        />
      </div>
    </div>
  );
}
