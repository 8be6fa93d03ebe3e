import type { Column } from "@regulars/shared/desk/table/columns";
import { ago, instant } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { EndpointState } from "./EndpointState";
import type { Endpoint } from "./webhooks";

/** The columns of the endpoints. */
export function useEndpointColumns(): readonly Column<Endpoint>[] {
  const { t } = useTranslation("webhooks");
  return useMemo(
    () => [
      {
        key: "url",
        title: t("field.url"),
        always: true,
        width: 320,
        render: (one) => (
          <Link className="webhooks-url" to={`/webhooks/${one.id}`}>
            {one.url}
          </Link>
        ),
      },
      {
        key: "description",
        title: t("field.description"),
        width: 180,
        render: (one) => one.description || NONE,
      },
      { key: "state", title: t("field.state"), width: 170, render: (one) => <EndpointState endpoint={one} /> },
      {
        key: "events",
        title: t("field.events"),
        width: 220,
        render: (one) => <code className="webhooks-events">{one.events.join(", ")}</code>,
      },
      { key: "waiting", title: t("field.waiting"), width: 100, numeric: true, render: (one) => count(one.waiting) },
      { key: "failed", title: t("field.failed"), width: 100, numeric: true, render: (one) => count(one.failed) },
      {
        key: "created_at",
        title: t("field.createdAt"),
        width: 140,
        render: (one) => <time title={instant(one.created_at)}>{ago(one.created_at)}</time>,
      },
      { key: "id", title: t("field.id"), width: 290, hidden: true, render: (one) => <code>{one.id}</code> },
    ],
    [t],
  );
}
