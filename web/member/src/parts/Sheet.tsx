import { type ReactNode, type SyntheticEvent, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

type Props = { open: boolean; title: string; onClose: () => void; children: ReactNode };

/** A sheet from below: the browser's own dialog, so that focus stays inside, Esc closes it, and focus returns where it was. */
export function Sheet({ open, title, onClose, children }: Props) {
  const { t } = useTranslation("ui");
  const sheet = useRef<HTMLDialogElement>(null);
  const name = useId();
  useEffect(() => {
    if (open) {
      sheet.current?.showModal();
    } else {
      sheet.current?.close();
    }
  }, [open]);
  // Esc asks the screen to close it: were the browser first, a quick Enter on the button that has the focus again would be lost.
  const cancel = (event: SyntheticEvent) => {
    event.preventDefault();
    onClose();
  };
  // The browser tells late that it has closed: by then the sheet may have been opened again.
  const closed = (event: SyntheticEvent<HTMLDialogElement>) => {
    if (!event.currentTarget.open) {
      onClose();
    }
  };
  return (
    <dialog ref={sheet} className="sheet" aria-labelledby={name} onCancel={cancel} onClose={closed}>
      <header>
        <h2 id={name}>{title}</h2>
        <Button kind="plain" onClick={onClose}>
          {t("action.close")}
        </Button>
      </header>
      {open && children}
    </dialog>
  );
}
