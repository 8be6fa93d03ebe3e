import type { Column } from "@regulars/shared/desk/table/columns";
import { ago, instant } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { DeliveryState } from "./DeliveryState";
import { Outcome } from "./Outcome";
import type { Delivery } from "./webhooks";

/** The columns of an endpoint's log; `opened` gives the address at which a delivery is shown whole. */
export function useDeliveryColumns(opened: (delivery: Delivery) => string): readonly Column<Delivery>[] {
  const { t } = useTranslation("webhooks");
  return useMemo(
    () => [
      {
        key: "type",
        title: t("field.type"),
        always: true,
        width: 210,
        render: (one) => (
          <Link to={opened(one)}>
            <code>{one.type}</code>
          </Link>
        ),
      },
      { key: "state", title: t("field.state"), width: 120, render: (one) => <DeliveryState state={one.state} /> },
      {
        key: "last",
        title: t("field.last"),
        width: 180,
        render: (one) => <Outcome status={one.last_status} error={one.last_error} />,
      },
      { key: "attempts", title: t("field.attempts"), width: 100, numeric: true, render: (one) => count(one.attempts) },
      {
        key: "created_at",
        title: t("field.due"),
        width: 150,
        render: (one) => <time title={instant(one.created_at)}>{ago(one.created_at)}</time>,
      },
      {
        key: "next_at",
        title: t("field.nextAt"),
        width: 170,
        render: (one) => (one.next_at ? <time>{instant(one.next_at)}</time> : NONE),
      },
      {
        key: "message",
        title: t("field.message"),
        width: 290,
        hidden: true,
        render: (one) => <code>{one.message}</code>,
      },
    ],
    [t, opened],
  );
}
