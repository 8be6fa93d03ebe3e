import { useTranslation } from "react-i18next";
import { Button } from "../parts/Button";

/** A screen broke: says so, and offers the way out. */
export function Crashed() {
  const { t } = useTranslation("common");
  return (
    <div className="screen" role="alert">
      <h1>{t("crashed.title")}</h1>
      <p>{t("crashed.text")}</p>
      <Button onClick={() => window.location.reload()}>{t("crashed.reload")}</Button>
    </div>
  );
}
