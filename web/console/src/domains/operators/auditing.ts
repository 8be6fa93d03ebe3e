import type { Row } from "@regulars/shared/api/client";
import type { Filter } from "@regulars/shared/desk/filters/filters";
import { NONE } from "@regulars/shared/format/numbers";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

export type AuditRow = Row<"/v1/audit", "get">;

/** What is written down so far; the server may know more, which then show by their own names. */
export const ACTIONS = [
  "session.opened",
  "operator.added",
  "operator.renamed",
  "operator.grants_set",
  "operator.disabled",
  "operator.enabled",
  "operator.password_changed",
  "operator.password_reset",
  "role.put",
  "role.deleted",
  "key.created",
  "key.revoked",
  "approval.asked",
  "approval.executed",
  "approval.refused",
  "approval.withdrawn",
  "approval.expired",
  "member.changed",
  "member.closed",
  "member.revealed",
  "hold_out.changed",
  "programme.drafted",
  "programme.published",
  "simulation.started",
  "simulation.cancelled",
  "gift_cards.made",
  "gift_cards.voided",
  "gift_cards.card_voided",
  "ledger.verifying",
  "ledger.verified",
  "import.started",
  "import.resumed",
  "import.cancelled",
  "webhook_endpoint.added",
  "webhook_endpoint.changed",
  "webhook_endpoint.enabled",
  "webhook_endpoint.disabled",
  "webhook_endpoint.deleted",
  "webhook_endpoint.secret_rotated",
  "webhook_endpoint.tested",
  "webhook_endpoint.replayed",
] as const;

/** What the audit log can be narrowed by. */
export function useAuditFilters(): readonly Filter[] {
  const { t } = useTranslation("operators");
  return useMemo(
    () => [
      { kind: "text", name: "entity", label: t("audit.entity"), placeholder: t("audit.entityExample") },
      { kind: "text", name: "by", label: t("audit.by"), placeholder: t("audit.byExample") },
      {
        kind: "choice",
        name: "action",
        label: t("audit.action"),
        options: ACTIONS.map((value) => ({ value, label: t(`action.${value}`) })),
      },
    ],
    [t],
  );
}

/** One field that differs; a side that did not exist is undefined. */
export type Difference = { field: string; before: unknown; after: unknown };

/** What differs between the two sides of a row, by field. */
export function differences(row: Pick<AuditRow, "before" | "after">): Difference[] {
  const before = row.before ?? {};
  const after = row.after ?? {};
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((field) => ({ field, before: before[field], after: after[field] }))
    .filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after));
}

/** A value of the log in one line: lists with commas, parts of a record as `name: value`, what is empty as a dash. */
export function inLine(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? NONE : value.map(inLine).join(", ");
  }
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).filter(([, part]) => !(Array.isArray(part) && part.length === 0));
    return parts.length === 0 ? NONE : parts.map(([name, part]) => `${name}: ${inLine(part)}`).join(" · ");
  }
  return value === null || value === undefined || value === "" ? NONE : String(value);
}
