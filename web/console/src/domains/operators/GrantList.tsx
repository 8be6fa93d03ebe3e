import { NONE } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import type { Operator } from "./OperatorsTable";
import { named, useRoles } from "./roles";

/** Somebody's roles, each with the stores it is limited to. */
export function GrantList({ grants }: { grants: Operator["grants"] }) {
  const { t } = useTranslation("operators");
  const roles = useRoles().data;
  if (grants.length === 0) {
    return NONE;
  }
  return (
    <ul className="operators-grants">
      {grants.map((grant) => (
        <li key={grant.role}>
          {named(roles?.find((role) => role.role === grant.role)) || grant.role}
          {grant.stores.length > 0 && (
            <span className="quiet"> · {t("grants.stores", { stores: grant.stores.join(", ") })}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
