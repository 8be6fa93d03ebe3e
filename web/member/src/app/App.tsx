import { createQueryClient } from "@regulars/shared/api/queries";
import { useMode } from "@regulars/shared/theme/mode";
import { applyPalette } from "@regulars/shared/theme/tokens";
import { QueryClientProvider } from "@tanstack/react-query";
import { useLayoutEffect } from "react";
import { RouterProvider } from "react-router/dom";
import { routes } from "./routes";

const queries = createQueryClient(() => void queries.invalidateQueries({ queryKey: ["me"] }));
const router = routes();

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
