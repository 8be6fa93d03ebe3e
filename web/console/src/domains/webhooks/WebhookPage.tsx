import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Page } from "@regulars/shared/desk/Page";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { useMay } from "@regulars/shared/session/session";
import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { EndpointActions } from "./EndpointActions";
import { EndpointFacts } from "./EndpointFacts";
import { LogPanel } from "./LogPanel";
import "./webhooks.css";

/** One endpoint: what it hears, its secrets, and everything that was sent to it. */
export default function WebhookPage() {
  const { t } = useTranslation("webhooks");
  const id = useParams().endpoint ?? "";
  const may = useMay();
  const query = useQuery({
    queryKey: ["webhooks", "one", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/webhooks/endpoints/{endpoint}", { params: { path: { endpoint: id } }, signal })),
  });
  const back = <Link to="/webhooks">{t("list.title")}</Link>;
  if (query.data === undefined) {
    return (
      <Page title={t("one.title")} back={back}>
        {query.error ? <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} /> : <Loading />}
      </Page>
    );
  }
  const endpoint = query.data;
  return (
    <Page
      title={endpoint.description || t("one.title")}
      lead={<span className="webhooks-url">{endpoint.url}</span>}
      back={back}
      actions={may("webhooks.write") && <EndpointActions endpoint={endpoint} />}
    >
      {endpoint.stopped && endpoint.stopped !== "operator" && (
        <Alert type="error" showIcon title={t(`why.${endpoint.stopped}`)} />
      )}
      <EndpointFacts endpoint={endpoint} />
      <LogPanel endpoint={endpoint} />
    </Page>
  );
}
