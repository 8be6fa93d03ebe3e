import { findMembers, nameOf } from "@regulars/shared/desk/fields/findMembers";
import { currentLanguage } from "@regulars/shared/i18n/language";
import { switchLanguage } from "@regulars/shared/i18n/start";
import { useMay } from "@regulars/shared/session/session";
import { chooseMode, useMode } from "@regulars/shared/theme/mode";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useDeferredValue, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { navigable } from "../screens";
import { type Command, matching } from "./commands";

/** Ctrl/⌘K: one field that finds screens, actions and members. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("common");
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const sheet = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => sheet.current?.showModal(), []);
  const found = useFound(typed);
  const chosen = Math.min(at, found.length - 1);

  const run = (command: Command | undefined) => {
    if (command) {
      onClose();
      command.run();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((chosen + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(found[chosen]);
    }
  };
  return (
    <dialog ref={sheet} className="palette" aria-label={t("palette.title")} onClose={onClose} closedby="any">
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length ? `palette-${chosen}` : undefined}
        aria-label={t("palette.title")}
        placeholder={t("palette.placeholder")}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="palette-list" role="listbox" aria-label={t("palette.title")}>
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above moves through the list and opens it by keys
          <div
            key={command.id}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onMouseMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            <span>{command.label}</span>
            <span className="palette-kind">{t(`palette.${command.kind}`)}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className="palette-none" role="status">
          {t("palette.none")}
        </p>
      )}
    </dialog>
  );
}

function useFound(typed: string): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const { mode } = useMode();
  const wanted = useDeferredValue(typed.trim());
  const members = useQuery({
    queryKey: ["members", "pick", wanted],
    queryFn: ({ signal }) => findMembers(wanted, signal),
    enabled: wanted.length >= 2 && may("members.read"),
    staleTime: 60_000,
  });
  const screens = navigable(may).map(
    (screen): Command => ({
      id: screen.path,
      kind: "screen",
      label: t(screen.title),
      run: () => void navigate(`/${screen.path}`),
    }),
  );
  const actions: Command[] = [
    {
      id: "mode",
      kind: "action",
      label: mode === "dark" ? t("common:mode.light") : t("common:mode.dark"),
      run: () => chooseMode(mode === "dark" ? "light" : "dark"),
    },
    {
      id: "language",
      kind: "action",
      label: t("common:language.other"),
      run: () => void switchLanguage(currentLanguage() === "en" ? "zh-CN" : "en"),
    },
  ];
  const people = (wanted.length >= 2 ? (members.data ?? []) : []).map(
    (member): Command => ({
      id: member.id,
      kind: "member",
      label: nameOf(member),
      run: () => void navigate(`/members/${member.id}`),
    }),
  );
  return [...matching([...screens, ...actions], typed), ...people];
}
