import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Page, Panel } from "@regulars/shared/desk/Page";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { instant } from "@regulars/shared/format/dates";
import { count, NONE, signed } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { ApprovalState } from "./ApprovalState";
import { Entity } from "./auditColumns";
import { inLine } from "./auditing";
import { Decide } from "./Decide";
import "./operators.css";
import { Who } from "@regulars/shared/desk/Who";

/** Under which the request is known to whoever sends it twice; it says nothing about what would be done. */
const KEY = "key";

/** One request: what would be done, who asks and why; and the decision. */
export default function ApprovalPage() {
  const { t } = useTranslation("operators");
  const may = useMay();
  const { approval = "" } = useParams();
  const query = useQuery({
    queryKey: ["operators", "approval", approval],
    queryFn: ({ signal }) => answer(api.GET("/v1/approvals/{approval}", { params: { path: { approval } }, signal })),
  });
  const back = may("approvals.read") ? <Link to="/approvals">{t("approvals.title")}</Link> : null;
  if (query.error) {
    return (
      <Page title={t("approval.title")} back={back}>
        <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />
      </Page>
    );
  }
  if (query.data === undefined) {
    return (
      <Page title={t("approval.title")} back={back}>
        <Loading rows={8} />
      </Page>
    );
  }
  const one = query.data;
  const facts = [
    ["state", <ApprovalState key="state" state={one.state} />],
    ["reason", one.reason],
    ["askedBy", <Who key="by" id={one.asked_by} />],
    ["askedAt", instant(one.asked_at)],
    ["expiresAt", instant(one.expires_at)],
    ...(one.decided_at
      ? ([
          ["decidedBy", <Who key="decider" id={one.decided_by ?? ""} />],
          ["decidedAt", instant(one.decided_at)],
          ["decisionReason", one.decision_reason || NONE],
        ] as const)
      : []),
  ] as const;
  return (
    <Page title={t(`kind.${one.kind}`, { defaultValue: one.kind })} back={back}>
      <div className="operators-approval">
        <Panel title={t("approval.request")}>
          <dl className="facts">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{t(`approval.${name}`)}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </Panel>
        <Panel title={t("approval.command")}>
          <dl className="facts">
            {Object.entries(one.payload)
              .filter(([name]) => name !== KEY)
              .map(([name, value]) => (
                <div key={name}>
                  <dt>{t(`payload.${name}`, { defaultValue: name })}</dt>
                  <dd>
                    <Part name={name} value={value} />
                  </dd>
                </div>
              ))}
          </dl>
          {one.result && (
            <>
              <h2 className="operators-sub">{t("approval.result")}</h2>
              <code>{inLine(one.result)}</code>
            </>
          )}
        </Panel>
        {one.state === "pending" && <Decide approval={one} />}
      </div>
    </Page>
  );
}

/** One part of what would be done: a unit by its label, amounts with their sign, ids as links. */
function Part({ name, value }: { name: string; value: unknown }) {
  const plan = usePlan();
  if (typeof value === "number") {
    return <span className="num">{name === "points" ? signed(value) : count(value)}</span>;
  }
  if (typeof value !== "string") {
    return inLine(value);
  }
  if (name === "unit") {
    return said(plan?.units[value]) || value;
  }
  return name === "reason" ? value : <Entity id={value} />;
}
