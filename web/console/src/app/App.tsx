import { createQueryClient } from "@regulars/shared/api/queries";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "react-router/dom";
import { routes } from "./routes";
import { Theme } from "./Theme";

// Somebody else ended the session: ask again who is signed in, and the frame shows the sign-in page.
const queries = createQueryClient(() => void queries.invalidateQueries({ queryKey: ["session"] }));
const router = routes();

/** The console. */
export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Theme>
        <RouterProvider router={router} />
      </Theme>
    </QueryClientProvider>
  );
}
