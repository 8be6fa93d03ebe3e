import { Panel } from "@regulars/shared/desk/Page";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Import } from "./imports";

/** Why rows were not taken, the commonest first; each leads to its rows. Nothing when there are none. */
export function Left({ one }: { one: Import }) {
  const { t } = useTranslation("orders");
  if (one.reasons.length === 0) {
    return null;
  }
  return (
    <Panel title={t("one.left")}>
      <ul className="orders-reasons">
        {one.reasons.map((reason) => (
          <li key={reason.code}>
            <Link to={`/imports/${one.id}/quarantine?reason=${encodeURIComponent(reason.code)}`}>{said(reason)}</Link>
            <span className="num">{count(reason.rows)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
