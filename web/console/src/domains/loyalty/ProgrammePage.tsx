import { fromThrown } from "@regulars/shared/api/problem";
import { Page } from "@regulars/shared/desk/Page";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { instant } from "@regulars/shared/format/dates";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useSearchValue } from "@regulars/shared/url/search";
import { Button, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { CheckupTab } from "./CheckupTab";
import { CompareTab } from "./CompareTab";
import { DocumentTab } from "./DocumentTab";
import "./loyalty.css";
import { OutlineTab } from "./OutlineTab";
import { SimulateTab } from "./SimulateTab";
import { SentencesTab } from "./sentences/SentencesTab";
import { TiersTab } from "./tiers/TiersTab";
import { VersionsTab } from "./VersionsTab";
import { useStandings, useVersions } from "./versions";

/** The programme: in words, as a document, its versions, and what differs between them. The tab stands in the address. */
export default function ProgrammePage() {
  const { t } = useTranslation(["programme", "sentences", "simulation", "tiers"]);
  const may = useMay();
  const plan = usePlan();
  const query = useVersions();
  const { inForce } = useStandings(query.data);
  const [tab, setTab] = useSearchValue("tab", "words");
  if (query.error) {
    return (
      <Page title={t("page.title")}>
        <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />
      </Page>
    );
  }
  if (query.data === undefined) {
    return (
      <Page title={t("page.title")}>
        <Loading rows={10} />
      </Page>
    );
  }
  const versions = query.data;
  const tabs = [
    { key: "words", label: t("tab.words"), children: <OutlineTab versions={versions} /> },
    ...(may("programme.write")
      ? [
          { key: "document", label: t("tab.document"), children: <DocumentTab versions={versions} /> },
          { key: "rules", label: t("sentences:tab"), children: <SentencesTab versions={versions} /> },
        ]
      : []),
    { key: "tiers", label: t("tiers:tab"), children: <TiersTab versions={versions} /> },
    { key: "versions", label: t("tab.versions"), children: <VersionsTab versions={versions} /> },
    { key: "compare", label: t("tab.compare"), children: <CompareTab versions={versions} /> },
    { key: "simulate", label: t("simulation:tab.simulate"), children: <SimulateTab versions={versions} /> },
    { key: "checkup", label: t("simulation:tab.checkup"), children: <CheckupTab versions={versions} /> },
  ];
  return (
    <Page
      title={t("page.title")}
      lead={
        inForce
          ? t("page.inForce", {
              name: said(plan?.name),
              version: inForce.version,
              since: instant(inForce.effective_from),
            })
          : t("page.none")
      }
      actions={
        <Link to="/try-order">
          <Button tabIndex={-1}>{t("try.title")}</Button>
        </Link>
      }
    >
      <div className="panel loyalty-tabs">
        <Tabs activeKey={tab} onChange={setTab} destroyOnHidden items={tabs} />
      </div>
    </Page>
  );
}
