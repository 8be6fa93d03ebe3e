import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay, useSession } from "../session/session";

/**
 * Who did something: the reader by name, the system in words, anybody else by the end of their id, which leads to their page for whoever
 * may see it. `nobody` stands where there is none.
 */
export function Who({ id, nobody = null }: { id: string | null; nobody?: ReactNode }) {
  const { t } = useTranslation("ui");
  const session = useSession();
  const may = useMay();
  if (id === null || id === "") {
    return nobody === null ? null : <span className="quiet">{nobody}</span>;
  }
  if (id === "system") {
    return <span className="quiet">{t("who.system")}</span>;
  }
  if (id === session.id) {
    return <span title={id}>{session.operator?.name ?? t("who.you")}</span>;
  }
  const short = <code>{id.includes("_") ? `…${id.slice(-6)}` : id}</code>;
  return id.startsWith("opr_") && may("operators.manage") ? (
    <Link to={`/operators/${id}`} title={id}>
      {short}
    </Link>
  ) : (
    <span title={id}>{short}</span>
  );
}
