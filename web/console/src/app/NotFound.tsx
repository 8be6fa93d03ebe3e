import { Page } from "@regulars/shared/desk/Page";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

/** An address that is none of ours. */
export function NotFound() {
  const { t } = useTranslation("common");
  return (
    <Page title={t("notFound.title")}>
      <p>{t("notFound.text")}</p>
      <Link to="/">{t("notFound.home")}</Link>
    </Page>
  );
}
