import { useTranslation } from "react-i18next";
import { NavLink, Outlet, ScrollRestoration } from "react-router";
import { TABS } from "./screens";

/** What is around every screen: the content, and the tabs at the bottom, which are links and nothing else. */
export function Shell() {
  const { t } = useTranslation();
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t("common:shell.skip")}
      </a>
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      {TABS.length > 1 && (
        <nav className="tabs" aria-label={t("common:shell.nav")}>
          {TABS.map((screen) => (
            <NavLink key={screen.path} to={`/${screen.path}`}>
              <span aria-hidden="true">{screen.tab.icon}</span>
              {t(screen.title)}
            </NavLink>
          ))}
        </nav>
      )}
      <ScrollRestoration />
    </div>
  );
}
