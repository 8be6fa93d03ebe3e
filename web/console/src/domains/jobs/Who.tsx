import { useMay, useSession } from "@regulars/shared/session/session";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

/** Who asked for a job: the reader by name, anybody else by id, nobody where the system itself did. */
export function Who({ id }: { id: string | null }) {
  const { t } = useTranslation("jobs");
  const session = useSession();
  const may = useMay();
  if (id === null) {
    return <span className="quiet">{t("who.nobody")}</span>;
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
