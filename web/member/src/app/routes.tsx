import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import { Crashed } from "./Crashed";
import { Shell } from "./Shell";
import { SCREENS } from "./screens";

/** The members' addresses, below /my. */
export function routes() {
  const asRoute = (screen: (typeof SCREENS)[number]): RouteObject => ({
    path: screen.path,
    errorElement: <Crashed />,
    lazy: async () => ({ Component: (await screen.load()).default }),
  });
  return createBrowserRouter(
    [
      ...SCREENS.filter((screen) => screen.open).map(asRoute),
      {
        element: <Shell />,
        errorElement: <Crashed />,
        HydrateFallback: () => null,
        children: [
          { index: true, element: <Navigate to="/card" replace /> },
          ...SCREENS.filter((screen) => !screen.open).map(asRoute),
          { path: "*", element: <Navigate to="/card" replace /> },
        ],
      },
    ],
    { basename: "/my" },
  );
}
