import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useRouteError } from "react-router";

/** A screen broke: says so, and offers the way out. After a new release a page's files are gone, and loading again brings the new ones. */
export function Crashed() {
  const { t } = useTranslation("common");
  const error = useRouteError();
  return (
    <div className="crashed" role="alert">
      <h1>{t("crashed.title")}</h1>
      <p>{t("crashed.text")}</p>
      <pre>{error instanceof Error ? error.message : String(error)}</pre>
      <Button type="primary" onClick={() => window.location.reload()}>
        {t("crashed.reload")}
      </Button>
    </div>
  );
}
