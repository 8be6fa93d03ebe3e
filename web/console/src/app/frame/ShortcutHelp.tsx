import { useMay } from "@regulars/shared/session/session";
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { navigable } from "../screens";

/** Every key there is, for the screens this person has. */
export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const general = [
    ["Ctrl/⌘ K", t("common:shortcuts.palette")],
    ["/", t("common:shortcuts.search")],
    ["j k", t("common:shortcuts.rows")],
    ["Enter", t("common:shortcuts.open")],
    ["Esc", t("common:shortcuts.close")],
    ["?", t("common:shortcuts.help")],
  ] as const;
  const screens = navigable(useMay()).flatMap((screen) =>
    screen.nav.goTo ? [[`g ${screen.nav.goTo}`, t(screen.title)] as const] : [],
  );
  return (
    <Modal open title={t("common:shortcuts.title")} footer={null} onCancel={onClose}>
      <dl className="keys">
        {[...general, ...screens].map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
