import { currentLanguage } from "@regulars/shared/i18n/language";
import { switchLanguage } from "@regulars/shared/i18n/start";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

/** Changes between Chinese and English; named in the language it leads to. What the server said is asked for again in that language. */
export function LanguageSwitch() {
  const { t } = useTranslation("common");
  const client = useQueryClient();
  const other = currentLanguage() === "en" ? "zh-CN" : "en";
  const change = async () => {
    await switchLanguage(other);
    await client.invalidateQueries();
  };
  return (
    <Button type="text" lang={other} onClick={() => void change()}>
      {t("language.other")}
    </Button>
  );
}
