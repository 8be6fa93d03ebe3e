import { Page } from "@regulars/shared/desk/Page";
import { useMay } from "@regulars/shared/session/session";
import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { EntriesTab } from "./EntriesTab";
import { LiabilityTab } from "./LiabilityTab";
import "../loyalty.css";
import "./ledger.css";

/** The ledger of all members, entry by entry, and what they are still owed. */
export default function LedgerPage() {
  const { t } = useTranslation("ledger");
  const may = useMay();
  const [params, setParams] = useSearchParams();
  const tabs = [
    { key: "entries", label: t("tab.entries"), children: <EntriesTab /> },
    { key: "liability", label: t("tab.liability"), children: <LiabilityTab history={may("reports.read")} /> },
  ];
  const tab = params.get("tab") === "liability" ? "liability" : "entries";
  return (
    <Page title={t("page.title")} lead={t("page.lead")}>
      <div className="panel loyalty-tabs">
        <Tabs
          activeKey={tab}
          onChange={(next) => setParams(next === "entries" ? {} : { tab: next }, { replace: true })}
          destroyOnHidden
          items={tabs}
        />
      </div>
    </Page>
  );
}
