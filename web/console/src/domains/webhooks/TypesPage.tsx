import { fromThrown } from "@regulars/shared/api/problem";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useTypes } from "./webhooks";
import "./webhooks.css";

/** The catalogue: every type of message, with a payload as it is sent. */
export default function TypesPage() {
  const { t } = useTranslation("webhooks");
  const query = useTypes();
  return (
    <Page title={t("types.title")} lead={t("types.lead")} back={<Link to="/webhooks">{t("list.title")}</Link>}>
      {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {!query.data && !query.error && <Loading />}
      {query.data?.map((one) => (
        <Panel
          key={one.type}
          title={one.type}
          extra={<span className="quiet">{t("types.version", { version: one.version })}</span>}
        >
          <div className="webhooks-type">
            <p>{said({ en: one.en, zh: one.zh })}</p>
            <pre className="webhooks-text">{JSON.stringify(one.example, null, 2)}</pre>
          </div>
        </Panel>
      ))}
    </Page>
  );
}
