import { Navigate } from "react-router";

/** The member's card. Until a member can be signed in there is nobody whose card could be shown. */
export default function CardPage() {
  return <Navigate to="/sign-in" replace />;
}
