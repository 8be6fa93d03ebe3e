import { MoonOutlined, SunOutlined } from "@ant-design/icons";
import { chooseMode, useMode } from "@regulars/shared/theme/mode";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

/** Changes between light and dark. */
export function ModeSwitch() {
  const { t } = useTranslation("common");
  const { mode } = useMode();
  const label = mode === "dark" ? t("mode.light") : t("mode.dark");
  return (
    <Button
      type="text"
      icon={mode === "dark" ? <SunOutlined /> : <MoonOutlined />}
      aria-label={label}
      title={label}
      onClick={() => chooseMode(mode === "dark" ? "light" : "dark")}
    />
  );
}
