import type { Filter } from "@regulars/shared/desk/filters/filters";
import { dayAfter, startOfDay } from "@regulars/shared/format/days";
import type { Values } from "@regulars/shared/url/search";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { STATUSES, type Status } from "./columns";

/** What the members list can be narrowed by. */
export function useMemberFilters(): readonly Filter[] {
  const { t } = useTranslation("members");
  return useMemo(
    () => [
      { kind: "text", name: "external_id", label: t("field.externalId"), placeholder: t("list.externalIdExample") },
      {
        kind: "choice",
        name: "status",
        label: t("field.status"),
        options: STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
      },
      { kind: "days", from: "joined_from", to: "joined_to", label: t("field.joinedAt") },
    ],
    [t],
  );
}

/** The filters as the server takes them: whole days of the programme's zone, the last one included. */
export function asQuery(values: Values) {
  const { external_id, status, joined_from, joined_to } = values;
  return {
    ...(external_id ? { external_id } : {}),
    ...(isStatus(status) ? { status } : {}),
    ...(joined_from ? { joined_from: startOfDay(joined_from) } : {}),
    ...(joined_to ? { joined_before: startOfDay(dayAfter(joined_to)) } : {}),
  };
}

function isStatus(value: string | undefined): value is Status {
  return STATUSES.some((status) => status === value);
}
