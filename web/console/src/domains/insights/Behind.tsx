import { useMay } from "@regulars/shared/session/session";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { addressOf, type Bucket } from "./bucket";

/** A number that leads to the members behind it; a plain number for whoever may not see members, and where there are none. */
export function Behind({ bucket, children }: { bucket: Bucket | null; children: ReactNode }) {
  const { t } = useTranslation("insights");
  const may = useMay();
  if (bucket === null || !may("members.read")) {
    return <span className="num">{children}</span>;
  }
  return (
    <Link className="insights-behind num" to={addressOf(bucket)} title={t("behind")}>
      {children}
    </Link>
  );
}
