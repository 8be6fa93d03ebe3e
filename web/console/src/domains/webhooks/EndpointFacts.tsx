import { Panel } from "@regulars/shared/desk/Page";
import { instant, programmeZone } from "@regulars/shared/format/dates";
import { count } from "@regulars/shared/format/numbers";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { EndpointState } from "./EndpointState";
import type { Endpoint } from "./webhooks";

/** What is known of an endpoint. Its secrets are named by their age only. */
export function EndpointFacts({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation("webhooks");
  const facts: [string, ReactNode][] = [
    [t("field.state"), <EndpointState key="state" endpoint={endpoint} />],
    [t("field.events"), <code key="events">{endpoint.events.join(", ")}</code>],
    [t("field.waiting"), count(endpoint.waiting)],
    [t("field.failed"), count(endpoint.failed)],
    [t("field.secrets"), <Secrets key="secrets" endpoint={endpoint} />],
    [
      t("field.createdAt"),
      <time key="at" title={programmeZone()}>
        {instant(endpoint.created_at)}
      </time>,
    ],
    [t("field.id"), <code key="id">{endpoint.id}</code>],
  ];
  return (
    <Panel title={t("one.facts")}>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Secrets({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation("webhooks");
  return (
    <ul className="webhooks-secrets">
      {endpoint.secrets.map((secret) => (
        <li key={secret.created_at}>
          {secret.expires_at
            ? t("secret.until", { at: instant(secret.expires_at) })
            : t("secret.since", { at: instant(secret.created_at) })}
        </li>
      ))}
    </ul>
  );
}
