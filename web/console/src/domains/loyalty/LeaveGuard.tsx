import { Modal } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker } from "react-router";
import { setDraft } from "./draft";

/** Asks before unsaved changes are left behind. Trying them out is no leaving: they are still there afterwards. */
export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const { t } = useTranslation("programme");
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty && nextLocation.pathname !== currentLocation.pathname && !nextLocation.pathname.endsWith("/try-order"),
  );
  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent) => event.preventDefault();
    if (dirty) {
      window.addEventListener("beforeunload", onLeave);
    }
    return () => window.removeEventListener("beforeunload", onLeave);
  }, [dirty]);
  return (
    <Modal
      open={blocker.state === "blocked"}
      title={t("leave.title")}
      okText={t("leave.discard")}
      cancelText={t("leave.stay")}
      okButtonProps={{ danger: true }}
      onCancel={() => blocker.reset?.()}
      onOk={() => {
        setDraft(null);
        blocker.proceed?.();
      }}
    >
      {t("leave.text")}
    </Modal>
  );
}
