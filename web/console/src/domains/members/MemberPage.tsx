import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Page } from "@regulars/shared/desk/Page";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { useMay } from "@regulars/shared/session/session";
import { useSearchValue } from "@regulars/shared/url/search";
import { useQuery } from "@tanstack/react-query";
import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { IdentityCard } from "./IdentityCard";
import { LedgerTab } from "./LedgerTab";
import { NotesTab } from "./NotesTab";
import { OrdersTab } from "./OrdersTab";
import { StandingCard } from "./StandingCard";

/** One member: at the left who they are and where they stand, at the right what happened. The tab stands in the address. */
export default function MemberPage() {
  const { t } = useTranslation("members");
  const { member = "" } = useParams();
  const may = useMay();
  const [tab, setTab] = useSearchValue("tab", may("points.read") ? "ledger" : "notes");
  const query = useQuery({
    queryKey: ["members", "one", member],
    queryFn: ({ signal }) => answer(api.GET("/v1/members/{member}", { params: { path: { member } }, signal })),
  });
  const back = <Link to="/members">{t("list.title")}</Link>;
  if (query.error) {
    return (
      <Page title={t("one.title")} back={back}>
        <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />
      </Page>
    );
  }
  if (query.data === undefined) {
    return (
      <Page title={t("one.title")} back={back}>
        <Loading rows={10} />
      </Page>
    );
  }
  const tabs = [
    { key: "ledger", permission: "points.read", label: t("tab.ledger"), children: <LedgerTab member={member} /> },
    { key: "orders", permission: "orders.read", label: t("tab.orders"), children: <OrdersTab member={member} /> },
    { key: "notes", permission: "members.read", label: t("tab.notes"), children: <NotesTab member={member} /> },
  ];
  return (
    <Page title={query.data.name ?? query.data.external_id ?? query.data.id} back={back}>
      <div className="two-columns">
        <div>
          <IdentityCard member={query.data} />
          {may("points.read") && <StandingCard member={member} />}
        </div>
        <div className="panel">
          <Tabs activeKey={tab} onChange={setTab} destroyOnHidden items={tabs.filter((one) => may(one.permission))} />
        </div>
      </div>
    </Page>
  );
}
