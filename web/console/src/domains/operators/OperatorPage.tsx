import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { instant, longDay } from "@regulars/shared/format/dates";
import { useMay } from "@regulars/shared/session/session";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { GrantsForm } from "./GrantsForm";
import "./operators.css";
import { StateTag } from "./OperatorsTable";
import { PersonActions } from "./PersonActions";

/** One operator: who they are, what they may do, and whether they may sign in. */
export default function OperatorPage() {
  const { t } = useTranslation("operators");
  const may = useMay();
  const { operator = "" } = useParams();
  const query = useQuery({
    queryKey: ["operators", "one", operator],
    queryFn: ({ signal }) => answer(api.GET("/v1/operators/{operator}", { params: { path: { operator } }, signal })),
  });
  const back = <Link to="/operators">{t("people.title")}</Link>;
  if (query.error) {
    return (
      <Page title={t("person.title")} back={back}>
        <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />
      </Page>
    );
  }
  if (query.data === undefined) {
    return (
      <Page title={t("person.title")} back={back}>
        <Loading rows={8} />
      </Page>
    );
  }
  const one = query.data;
  return (
    <Page title={one.name} lead={one.login} back={back} actions={<PersonActions operator={one} />}>
      <div className="two-columns">
        <div>
          <Panel title={t("person.who")}>
            <dl className="facts">
              <div>
                <dt>{t("field.state")}</dt>
                <dd>
                  <StateTag operator={one} />
                </dd>
              </div>
              <div>
                <dt>{t("field.login")}</dt>
                <dd>{one.login}</dd>
              </div>
              <div>
                <dt>{t("field.createdAt")}</dt>
                <dd>
                  <time title={instant(one.created_at)}>{longDay(one.created_at)}</time>
                </dd>
              </div>
              <div>
                <dt>{t("field.id")}</dt>
                <dd>
                  <code>{one.id}</code>
                </dd>
              </div>
            </dl>
            {may("audit.read") && (
              <p className="operators-links">
                <Link to={`/audit?by=${one.id}`}>{t("person.did")}</Link>
                <Link to={`/audit?entity=${one.id}`}>{t("person.happened")}</Link>
              </p>
            )}
          </Panel>
        </div>
        <div>
          <Panel>
            <GrantsForm key={one.id} operator={one} />
          </Panel>
        </div>
      </div>
    </Page>
  );
}
