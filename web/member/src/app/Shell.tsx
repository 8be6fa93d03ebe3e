import { LANGUAGES, type Language } from "@regulars/shared/i18n/language";
import { switchLanguage } from "@regulars/shared/i18n/start";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Outlet, ScrollRestoration, useLocation } from "react-router";
import { useMe } from "../mine/mine";
import { useOnline } from "../mine/useOnline";
import { Icon } from "../parts/Icon";
import { TABS } from "./screens";

/** What is around every screen: the content, and the tabs at the bottom, which are links and nothing else. */
export function Shell() {
  const { t } = useTranslation();
  const online = useOnline();
  useOwnLanguage();
  useFocusOnArrival();
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t("common:shell.skip")}
      </a>
      {!online && (
        <p className="offline" role="status">
          <Icon shape="away" size={20} />
          <span>{t("common:shell.offline")}</span>
          <Link to="/code">{t("common:shell.code")}</Link>
        </p>
      )}
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      {TABS.length > 1 && (
        <nav className="tabs" aria-label={t("common:shell.nav")}>
          {TABS.map((screen) => (
            <NavLink key={screen.path} to={`/${screen.path}`}>
              {screen.tab.icon}
              {t(screen.title)}
            </NavLink>
          ))}
        </nav>
      )}
      <ScrollRestoration />
    </div>
  );
}

/**
 * The account's language is that of its pages, on every device. Only what the server said last counts: each language has a card of its own
 * in the cache, and two that disagree (one was read before the account's language changed) would send the pages to and fro for ever.
 */
function useOwnLanguage() {
  const { i18n } = useTranslation();
  const { data, dataUpdatedAt } = useMe();
  const heard = useRef(0);
  const speaks = data?.language;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the server says moves the pages; a switch made here was told it before
  useEffect(() => {
    if (dataUpdatedAt <= heard.current) {
      return;
    }
    heard.current = dataUpdatedAt;
    const own = (Object.keys(LANGUAGES) as Language[]).find((language) => speaks && language.startsWith(speaks));
    if (own && own !== i18n.language) {
      void switchLanguage(own);
    }
  }, [speaks, dataUpdatedAt]);
}

/** A screen reader goes on at the new screen and not at the link that was left. */
function useFocusOnArrival() {
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current !== pathname) {
      before.current = pathname;
      document.getElementById("main")?.focus({ preventScroll: true });
    }
  }, [pathname]);
}
