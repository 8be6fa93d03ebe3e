import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { LONGEST, MOST, type Read } from "./codes";

/** What was found in a text of codes: how many, the first of them, and every line that cannot be one. */
export function CodesRead({ read }: { read: Read }) {
  const { t } = useTranslation("goods");
  const more = read.faulty - read.faults.length;
  return (
    <>
      <div role="status" className="goods-read">
        {read.codes > 0 && (
          <p>
            {t("codes.found", { count: read.codes, shown: count(read.codes) })}{" "}
            {read.repeated > 0 && t("codes.repeated", { count: read.repeated, shown: count(read.repeated) })}
          </p>
        )}
        {read.codes > 0 && (
          <p className="quiet goods-acts">
            {t("codes.first")}
            {read.first.map((code) => (
              <code key={code}>{code}</code>
            ))}
          </p>
        )}
      </div>
      {(read.faulty > 0 || read.codes > MOST) && (
        <div role="alert" className="field-fault">
          {read.codes > MOST && <p>{t("codes.tooMany", { most: count(MOST) })}</p>}
          {read.faulty > 0 && <p>{t("codes.faulty", { count: read.faulty, shown: count(read.faulty) })}</p>}
          <ul className="goods-faults">
            {read.faults.map((fault) => (
              <li key={fault.line}>
                {t("codes.line", { line: count(fault.line), value: fault.value })}{" "}
                {t(`codes.why.${fault.why}`, { most: count(LONGEST) })}
              </li>
            ))}
            {more > 0 && <li>{t("codes.moreFaults", { count: more, shown: count(more) })}</li>}
          </ul>
        </div>
      )}
    </>
  );
}
