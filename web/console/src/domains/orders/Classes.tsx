import { Panel } from "@regulars/shared/desk/Page";
import { count, share } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import "./orders.css";
import { type Import, isLive, partOf, type RowClass } from "./imports";

/** Every row in exactly one class, as a bar and as a table; while the import runs, those that found theirs. */
export function Classes({ one }: { one: Import }) {
  const { t } = useTranslation("orders");
  const found = one.classes.reduce((sum, kind) => sum + kind.rows, 0);
  const whole = Math.max(one.total ?? 0, found);
  const shown = one.classes.filter((kind) => kind.rows > 0);
  return (
    <Panel title={t("classes.title")} extra={<span className="quiet">{t("classes.sum", { rows: count(found) })}</span>}>
      <div className="orders-bar" aria-hidden="true">
        {shown.map((kind) => (
          <span
            key={kind.name}
            className={`orders-class ${kind.name}`}
            style={{ flexGrow: kind.rows }}
            title={`${said(kind)}: ${count(kind.rows)}`}
          />
        ))}
        {isLive(one) && <span className="orders-rest" style={{ flexGrow: Math.max(0, whole - found) }} />}
      </div>
      <table className="plain-table orders-classes">
        <thead>
          <tr>
            <th scope="col">{t("classes.class")}</th>
            <th scope="col" className="right">
              {t("field.rows")}
            </th>
            <th scope="col" className="right">
              {t("classes.share")}
            </th>
            <th scope="col" className="right">
              {t("classes.known")}
            </th>
          </tr>
        </thead>
        <tbody>
          {one.classes.map((kind) => (
            <tr key={kind.name}>
              <th scope="row">
                <span className={`orders-swatch ${kind.name}`} aria-hidden="true" />
                <Name kind={kind} run={one.id} />
              </th>
              <td className="num">{count(kind.rows)}</td>
              <td className="num">{share(whole > 0 ? partOf(kind.rows, whole) : null)}</td>
              <td className="num">{count(kind.known)}</td>
            </tr>
          ))}
        </tbody>
        {one.state === "done" && (
          <tfoot>
            <tr>
              <th scope="row">{t("classes.all")}</th>
              <td className="num">{count(found)}</td>
              <td className="num">{share(whole > 0 ? partOf(found, whole) : null)}</td>
              <td className="num">{count(one.classes.reduce((sum, kind) => sum + kind.known, 0))}</td>
            </tr>
          </tfoot>
        )}
      </table>
    </Panel>
  );
}

/** The class, as a link to what is behind it where there is anything. */
function Name({ kind, run }: { kind: RowClass; run: string }) {
  const may = useMay();
  if (kind.rows > 0 && kind.name === "quarantined") {
    return <Link to={`/imports/${run}/quarantine`}>{said(kind)}</Link>;
  }
  return kind.rows > 0 && kind.name === "imported_member" && may("members.read") ? (
    <Link to="/members">{said(kind)}</Link>
  ) : (
    said(kind)
  );
}
