import { useTranslation } from "react-i18next";
import { type Difference, inLine } from "./auditing";

/** One field as it was and as it became. */
export function DiffLine({ difference }: { difference: Difference }) {
  const { t } = useTranslation("operators");
  const { field, before, after } = difference;
  return (
    <>
      <code>{field}</code>{" "}
      {before !== undefined && (
        <del>
          <span className="operators-said">{t("audit.was")} </span>
          {inLine(before)}
        </del>
      )}
      {before !== undefined && after !== undefined && <span aria-hidden="true"> → </span>}
      {after !== undefined && (
        <ins>
          <span className="operators-said">{t("audit.became")} </span>
          {inLine(after)}
        </ins>
      )}
    </>
  );
}
