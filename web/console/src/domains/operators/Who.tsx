import { useMay, useSession } from "@regulars/shared/session/session";
import { Link } from "react-router";

/** Who did something: the reader themselves by name, anybody else by id, which leads to their page for whoever may see it. */
export function Who({ id }: { id: string }) {
  const session = useSession();
  const may = useMay();
  if (id === session.id && session.operator) {
    return <span title={id}>{session.operator.name}</span>;
  }
  const short = <code title={id}>{id.includes("_") ? `…${id.slice(-6)}` : id}</code>;
  return id.startsWith("opr_") && may("operators.manage") ? <Link to={`/operators/${id}`}>{short}</Link> : short;
}
