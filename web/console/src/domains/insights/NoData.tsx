import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { useMay } from "@regulars/shared/session/session";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

/** Before the first order there is nothing to count: what this page will show, and what to do first. */
export function NoData() {
  const { t } = useTranslation("insights");
  const may = useMay();
  return (
    <div className="panel">
      <NeverAny
        title={t("never.title")}
        text={t("never.text")}
        action={may("imports.run") ? <Link to="/imports/new">{t("never.import")}</Link> : undefined}
      />
    </div>
  );
}
