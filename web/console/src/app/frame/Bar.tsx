import { MenuOutlined, SearchOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "./LanguageSwitch";
import { ModeSwitch } from "./ModeSwitch";
import { PersonMenu } from "./PersonMenu";

const MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Above every screen: search, language, mode, who is signed in. */
export function Bar(props: { onPalette: () => void; onHelp: () => void; onNav: () => void }) {
  const { t } = useTranslation("common");
  return (
    <div className="bar">
      <Button
        className="bar-nav"
        type="text"
        icon={<MenuOutlined />}
        aria-label={t("frame.nav")}
        onClick={props.onNav}
      />
      <button type="button" className="bar-search" onClick={props.onPalette}>
        <SearchOutlined aria-hidden="true" />
        <span>{t("frame.search")}</span>
        <kbd>{MAC ? "⌘" : "Ctrl"} K</kbd>
      </button>
      <span className="bar-space" />
      <LanguageSwitch />
      <ModeSwitch />
      <PersonMenu onHelp={props.onHelp} />
    </div>
  );
}
