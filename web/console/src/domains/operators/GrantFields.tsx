import { Checkbox, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Operator } from "./OperatorsTable";
import { named, useRoles } from "./roles";

type Grants = Operator["grants"];

/** Chooses roles; each may be limited to stores. Fits into antd's `Form.Item`. */
export function GrantFields({ value = [], onChange }: { value?: Grants; onChange?: (grants: Grants) => void }) {
  const { t } = useTranslation("operators");
  const roles = useRoles().data ?? [];
  return (
    <ul className="operators-grant-fields">
      {roles.map((role) => {
        const held = value.find((grant) => grant.role === role.role);
        const others = value.filter((grant) => grant.role !== role.role);
        return (
          <li key={role.role}>
            <Checkbox
              checked={held !== undefined}
              onChange={(event) =>
                onChange?.(event.target.checked ? [...others, { role: role.role, stores: [] }] : others)
              }
            >
              {named(role)}
            </Checkbox>
            {held && (
              <Select
                mode="tags"
                size="small"
                open={false}
                suffixIcon={null}
                tokenSeparators={[",", " "]}
                aria-label={t("grants.limit", { role: named(role) })}
                placeholder={t("grants.everywhere")}
                value={held.stores}
                onChange={(stores: string[]) => onChange?.([...others, { role: role.role, stores }])}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
