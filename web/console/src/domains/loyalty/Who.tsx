import { useMay, useSession } from "@regulars/shared/session/session";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

/** Who did something: the reader themselves by name, anybody else by id, which leads to their page for whoever may see it. */
export function Who({ id }: { id: string | null }) {
  const { t } = useTranslation("programme");
  const session = useSession();
  const may = useMay();
  if (id === null || id === "") {
    return null;
  }
  if (id === session.id) {
    return <span title={id}>{session.operator?.name ?? t("who.you")}</span>;
  }
  if (id.startsWith("opr_") && may("operators.manage")) {
    return (
      <Link to={`/operators/${id}`} title={id}>
        <code>…{id.slice(-6)}</code>
      </Link>
    );
  }
  return <code title={id}>{id.includes("_") ? `…${id.slice(-6)}` : id}</code>;
}
