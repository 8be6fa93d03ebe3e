import { GROUPS } from "@regulars/shared/desk/screens";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { navigable } from "../screens";
import { Wordmark } from "./Wordmark";

/** The navigation: at the left on wide screens, a sheet on narrow ones. Shows only what the person may see. */
export function Nav({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation("common");
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) {
      sheet.current?.showModal();
    } else {
      sheet.current?.close();
    }
  }, [open]);
  return (
    <>
      <aside className="nav">
        <Links />
      </aside>
      <dialog ref={sheet} className="nav-sheet" aria-label={t("frame.nav")} onClose={onClose}>
        {open && <Links onFollow={onClose} />}
      </dialog>
    </>
  );
}

function Links({ onFollow }: { onFollow?: () => void }) {
  const { t } = useTranslation();
  const screens = navigable(useMay());
  const plan = usePlan();
  return (
    <>
      <Wordmark />
      {plan && <p className="nav-brand">{said(plan.name)}</p>}
      <nav aria-label={t("common:frame.nav")}>
        {GROUPS.map((group) => {
          const inside = screens.filter((screen) => screen.nav.group === group);
          return (
            inside.length > 0 && (
              <div key={group} className="nav-group">
                <p id={`nav-${group}`}>{t(`common:nav.${group}`)}</p>
                <ul>
                  {inside.map((screen) => (
                    <li key={screen.path}>
                      <NavLink
                        to={`/${screen.path}`}
                        onClick={onFollow}
                        onMouseEnter={() => void screen.load()}
                        onFocus={() => void screen.load()}
                      >
                        <span aria-hidden="true">{screen.nav.icon}</span>
                        {t(screen.title)}
                      </NavLink>
                    </li>
                  ))}
                </ul>
              </div>
            )
          );
        })}
      </nav>
    </>
  );
}
