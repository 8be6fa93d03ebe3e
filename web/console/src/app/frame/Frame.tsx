import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { usePlanQuery } from "@regulars/shared/session/plan";
import { SessionProvider, useSessionQuery } from "@regulars/shared/session/session";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, ScrollRestoration, useNavigation } from "react-router";
// Not loaded when it is asked for: what is typed right after Ctrl+K must not be lost.
import { Palette } from "../palette/Palette";
import { Bar } from "./Bar";
import { Nav } from "./Nav";
import { useShortcuts } from "./useShortcuts";

// Loaded only by whoever is not signed in yet: forms are a sixth of what the frame would weigh with them.
const SignIn = lazy(() => import("../../domains/operators/SignIn"));
const NewPassword = lazy(() => import("../../domains/operators/NewPassword"));
const ShortcutHelp = lazy(() => import("./ShortcutHelp"));

/** What is around every screen; for nobody signed in the sign-in page, for a handed-out password the page to replace it. */
export function Frame() {
  const query = useSessionQuery();
  if (query.error) {
    return (
      <div className="alone">
        <ProblemNote problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  if (query.data === undefined) {
    return null;
  }
  if (query.data === null) {
    return (
      <Suspense>
        <SignIn />
      </Suspense>
    );
  }
  return (
    <SessionProvider session={query.data}>
      {query.data.operator?.must_change_password ? (
        <Suspense>
          <NewPassword />
        </Suspense>
      ) : (
        <Inside />
      )}
    </SessionProvider>
  );
}

type Layer = "palette" | "help" | "nav" | null;

function Inside() {
  const { t } = useTranslation("common");
  const [layer, setLayer] = useState<Layer>(null);
  const close = () => setLayer(null);
  const plan = usePlanQuery();
  const moving = useNavigation().state !== "idle";
  useShortcuts({ openPalette: () => setLayer("palette"), openHelp: () => setLayer("help") });
  return (
    <div className="frame">
      <a className="skip" href="#main">
        {t("frame.skip")}
      </a>
      <Nav open={layer === "nav"} onClose={close} />
      <div className="frame-body">
        <Bar onPalette={() => setLayer("palette")} onHelp={() => setLayer("help")} onNav={() => setLayer("nav")} />
        {moving && <div className="moving" role="progressbar" aria-label={t("frame.loading")} />}
        <main id="main" tabIndex={-1}>
          {plan.isPending ? <Loading /> : <Outlet />}
        </main>
      </div>
      {layer === "palette" && <Palette onClose={close} />}
      <Suspense>{layer === "help" && <ShortcutHelp onClose={close} />}</Suspense>
      <ScrollRestoration />
    </div>
  );
}
