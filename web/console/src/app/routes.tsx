import { createBrowserRouter, type RouteObject } from "react-router";
import { Allowed } from "./Allowed";
import { Crashed } from "./Crashed";
import { Frame } from "./frame/Frame";
import { NotFound } from "./NotFound";
import { Start } from "./Start";
import { SCREENS } from "./screens";

/** The console's addresses, below /console. */
export function routes() {
  const screens: RouteObject[] = SCREENS.map((screen) => ({
    path: screen.path,
    errorElement: <Crashed />,
    lazy: async () => {
      const { default: Page } = await screen.load();
      return {
        element: (
          <Allowed {...(screen.permission ? { permission: screen.permission } : {})}>
            <Page />
          </Allowed>
        ),
      };
    },
  }));
  return createBrowserRouter(
    [
      {
        element: <Frame />,
        errorElement: <Crashed />,
        HydrateFallback: () => null,
        children: [{ index: true, element: <Start /> }, ...screens, { path: "*", element: <NotFound /> }],
      },
    ],
    { basename: "/console" },
  );
}
