import { Page } from "@regulars/shared/desk/Page";
import { useMay } from "@regulars/shared/session/session";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** Its content for whoever holds the permission; for others the reason why there is none. The server asks again in any case. */
export function Allowed({ permission, children }: { permission?: string; children: ReactNode }) {
  const { t } = useTranslation("common");
  const may = useMay();
  if (permission === undefined || may(permission)) {
    return children;
  }
  return (
    <Page title={t("denied.title")}>
      <p>{t("denied.text", { permission })}</p>
    </Page>
  );
}
