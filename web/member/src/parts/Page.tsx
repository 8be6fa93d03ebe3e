import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Icon } from "./Icon";

type Props = { title: string; lead?: ReactNode; back?: string; children: ReactNode };

/** A screen: its name as heading and in the browser's title, the way back where it has one, its content. */
export function Page({ title, lead, back, children }: Props) {
  const { t } = useTranslation("common");
  useEffect(() => {
    document.title = `${title} · ${t("brand.name")}`;
  }, [title, t]);
  return (
    <div className="screen">
      <header className="page-head">
        {back && (
          <Link className="page-back" to={back} aria-label={t("page.back")}>
            <Icon shape="back" />
          </Link>
        )}
        <h1>{title}</h1>
        {lead}
      </header>
      {children}
    </div>
  );
}
