import { Who } from "@regulars/shared/desk/Who";
import { instant, programmeZone } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { useQuery } from "@tanstack/react-query";
import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import { Entity } from "./auditColumns";
import { type AuditRow, differences } from "./auditing";
import { DiffLine } from "./DiffLine";

/** One row of the log whole: every field before and after. Open for as long as the address names a row that the list holds. */
export function AuditDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation("operators");
  const row = useQuery<AuditRow | null>({
    queryKey: ["operators", "audit-row", id],
    queryFn: () => null,
    enabled: false,
  }).data;
  return (
    <Drawer
      open={Boolean(id && row)}
      onClose={onClose}
      size={520}
      title={row ? t(`action.${row.action}`, { defaultValue: row.action }) : ""}
      destroyOnHidden
    >
      {row && <Whole row={row} />}
    </Drawer>
  );
}

function Whole({ row }: { row: AuditRow }) {
  const { t } = useTranslation("operators");
  const all = differences(row);
  return (
    <>
      <dl className="facts">
        <div>
          <dt>{t("audit.at")}</dt>
          <dd>
            {instant(row.at)} <span className="quiet">{programmeZone()}</span>
          </dd>
        </div>
        <div>
          <dt>{t("audit.by")}</dt>
          <dd>
            <Who id={row.actor} /> <span className="quiet">{row.actor_kind}</span>
          </dd>
        </div>
        <div>
          <dt>{t("audit.entity")}</dt>
          <dd>
            <Entity id={row.entity} />
          </dd>
        </div>
        <div>
          <dt>{t("field.reason")}</dt>
          <dd>{row.reason || NONE}</dd>
        </div>
        <div>
          <dt>{t("audit.no")}</dt>
          <dd>{row.no === null ? t("audit.unsealed") : count(row.no)}</dd>
        </div>
      </dl>
      <h2 className="operators-sub">{t("audit.changes")}</h2>
      {all.length === 0 ? (
        <p className="quiet">{t("audit.nothingChanged")}</p>
      ) : (
        <ul className="operators-diff operators-diff-whole">
          {all.map((one) => (
            <li key={one.field}>
              <DiffLine difference={one} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
