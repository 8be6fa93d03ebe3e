import { createQueryClient } from "@regulars/shared/api/queries";
import { useMode } from "@regulars/shared/theme/mode";
import { applyPalette } from "@regulars/shared/theme/tokens";
import { QueryClientProvider } from "@tanstack/react-query";
import { useLayoutEffect } from "react";
import { RouterProvider } from "react-router/dom";
import { forgetSecret } from "../mine/secret";
import { routes } from "./routes";

const router = routes();
const queries = createQueryClient(leave);

/** Whoever is not signed in (any more) goes to the sign-in page and afterwards comes back to where they were. */
function leave() {
  forgetSecret();
  const { pathname, search } = router.state.location;
  // The router's own state names addresses with their base, and takes them without.
  const here = pathname.slice((router.basename ?? "").length) || "/";
  if (here !== "/sign-in") {
    void router.navigate("/sign-in", { replace: true, state: { from: here + search } });
  }
}

/** The members' pages. */
export function App() {
  const { mode } = useMode();
  useLayoutEffect(() => applyPalette(mode), [mode]);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
