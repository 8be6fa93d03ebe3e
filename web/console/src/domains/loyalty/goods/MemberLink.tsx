import { useMay } from "@regulars/shared/session/session";
import { Link } from "react-router";

type Props = { id: string; called: string | null; tab?: string };

/** A member by name, leading to its page for whoever may see it; without a name by the end of its id. */
export function MemberLink({ id, called, tab }: Props) {
  const may = useMay();
  const name = called ?? `…${id.slice(-6)}`;
  return may("members.read") ? (
    <Link to={`/members/${id}${tab ? `?tab=${tab}` : ""}`} title={id}>
      {name}
    </Link>
  ) : (
    <span title={id}>{name}</span>
  );
}
