import type { Body } from "@regulars/shared/api/client";
import type { Filter } from "@regulars/shared/desk/filters/filters";
import { dayAfter, startOfDay } from "@regulars/shared/format/days";
import { said, usePlan } from "@regulars/shared/session/plan";
import type { Values } from "@regulars/shared/url/search";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { STATUSES, type Status } from "./people";
import type { Store } from "./useStores";

const SORTS = ["joined", "last_order", "points", "spend"] as const;

/** What the members list can be narrowed by. Without the stores' names their codes are typed. */
export function useMemberFilters(stores: readonly Store[] | undefined): readonly Filter[] {
  const { t } = useTranslation("members");
  const plan = usePlan();
  return useMemo(
    () => [
      {
        kind: "choice",
        name: "level",
        label: t("field.tier"),
        options: (plan?.levels ?? []).map((level) => ({ value: level.id, label: said(level.label) })),
      },
      stores && stores.length > 0
        ? {
            kind: "choice",
            name: "store",
            label: t("field.store"),
            options: stores.map((store) => ({ value: store.code, label: store.name })),
          }
        : { kind: "text", name: "store", label: t("field.store"), placeholder: t("list.storeExample") },
      { kind: "days", from: "joined_from", to: "joined_to", label: t("field.joinedAt") },
      {
        kind: "choice",
        name: "status",
        label: t("field.status"),
        options: STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
      },
      {
        kind: "choice",
        name: "held_out",
        label: t("field.group"),
        options: [
          { value: "true", label: t("group.held") },
          { value: "false", label: t("group.treated") },
        ],
      },
      {
        kind: "choice",
        name: "has_orders",
        label: t("field.hasOrders"),
        options: [
          { value: "true", label: t("list.ordered") },
          { value: "false", label: t("list.neverOrdered") },
        ],
      },
    ],
    [t, plan, stores],
  );
}

/** The filters as the server takes them, in the address or in a body: whole days of the programme's zone, the last one included. */
export function asAsked(values: Values) {
  const { level, store, status, held_out, has_orders, joined_from, joined_to } = values;
  return {
    ...(level ? { level } : {}),
    ...(store ? { store } : {}),
    ...(isStatus(status) ? { status } : {}),
    ...(held_out ? { held_out: held_out === "true" } : {}),
    ...(has_orders ? { has_orders: has_orders === "true" } : {}),
    ...(joined_from ? { joined_from: startOfDay(joined_from) } : {}),
    ...(joined_to ? { joined_before: startOfDay(dayAfter(joined_to)) } : {}),
  };
}

/** What is looked for as the body of a search; what was typed never stands in an address. */
export function asSearch(text: string, values: Values): Body<"/v1/people/search", "post"> {
  return { text, region: "CN", ...asAsked(values) };
}

/** The order as the server takes it: `-points` is points, most first. */
export function asOrder(sort: string | undefined) {
  const by = SORTS.find((name) => name === sort?.replace("-", ""));
  return by ? ({ sort: by, order: sort?.startsWith("-") ? "desc" : "asc" } as const) : {};
}

function isStatus(value: string | undefined): value is Status {
  return STATUSES.some((status) => status === value);
}
