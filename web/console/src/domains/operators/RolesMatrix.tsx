import { CheckOutlined } from "@ant-design/icons";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { useTranslation } from "react-i18next";
import { named, type Permission, type Role, usePermissions, useRoles } from "./roles";

/** Which role may do what: rights down, roles across. */
export function RolesMatrix() {
  const roles = useRoles();
  const permissions = usePermissions();
  const error = roles.error ?? permissions.error;
  if (error) {
    const again = () => {
      void roles.refetch();
      void permissions.refetch();
    };
    return <Failed problem={fromThrown(error)} onRetry={again} />;
  }
  if (!roles.data || !permissions.data) {
    return <Loading rows={12} />;
  }
  return <Matrix roles={roles.data} permissions={permissions.data} />;
}

function Matrix({ roles, permissions }: { roles: readonly Role[]; permissions: readonly Permission[] }) {
  const { t } = useTranslation("operators");
  const holds = (role: Role, permission: string) =>
    role.permissions.includes("*") || role.permissions.includes(permission);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
    <section className="operators-matrix" tabIndex={0} aria-label={t("tab.roles")}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t("roles.right")}</th>
            {roles.map((role) => (
              <th key={role.role} scope="col">
                {named(role)}
                {!role.built_in && <span className="quiet"> {t("roles.own")}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissions.map((permission) => (
            <tr key={permission.permission}>
              <th scope="row">
                {named(permission)}
                <code className="quiet">
                  {permission.permission}
                  {permission.people_only && ` · ${t("roles.peopleOnly")}`}
                </code>
              </th>
              {roles.map((role) => (
                <td key={role.role}>
                  {holds(role, permission.permission) ? (
                    <CheckOutlined className="operators-yes" role="img" aria-label={t("roles.may")} />
                  ) : (
                    <span className="quiet" role="img" aria-label={t("roles.mayNot")}>
                      ·
                    </span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
