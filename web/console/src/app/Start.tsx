import { useMay } from "@regulars/shared/session/session";
import { Navigate } from "react-router";
import { NotFound } from "./NotFound";
import { navigable } from "./screens";

/** Leads to the first screen that the signed-in person may see. */
export function Start() {
  const first = navigable(useMay())[0];
  return first ? <Navigate to={`/${first.path}`} replace /> : <NotFound />;
}
