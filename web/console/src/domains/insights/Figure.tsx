import { NONE } from "@regulars/shared/format/numbers";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Behind } from "./Behind";
import type { Bucket } from "./bucket";
import { Defined } from "./Defined";
import { change, points, signedShare } from "./numbers";
import type { About } from "./queries";

type Props = {
  label: string;
  metric: string;
  about: About;
  value: ReactNode;
  /** The members behind it; null: nobody can be listed. */
  bucket: Bucket | null;
  /** Denominator or what else belongs under the number. */
  under?: ReactNode;
  now?: number | null;
  before?: number | null;
  /** The value is a share: its difference is in percentage points. */
  ofShares?: boolean;
  /** The earlier value itself, as it is written. */
  beforeText?: string;
  compared?: boolean;
  note?: string;
};

/** One main number: what it is, its value, who is behind it, and how it was in the period before. */
export function Figure(props: Props) {
  const { label, metric, about, value, bucket, under, note } = props;
  return (
    <div className="insights-figure" data-metric={metric}>
      <p className="insights-figure-name">
        {label} <Defined metric={metric} about={about} {...(note ? { note } : {})} />
      </p>
      <p className="insights-figure-value">
        <Behind bucket={bucket}>{value}</Behind>
      </p>
      <p className="quiet insights-figure-under">
        <Compared {...props} />
        {under && <span>{under}</span>}
      </p>
    </div>
  );
}

function Compared({ now = null, before = null, ofShares = false, beforeText, compared = false }: Props) {
  const { t } = useTranslation("insights");
  if (!compared) {
    return null;
  }
  const relative = change(now, before);
  const difference = now === null || before === null ? null : now - before;
  const text = ofShares
    ? difference !== null && t("pointsShort", { points: points(difference) })
    : relative !== null && signedShare(relative);
  return (
    <span className="num" title={t("before", { value: beforeText ?? NONE })}>
      {text ? <b className={direction(difference)}>{text}</b> : NONE}
    </span>
  );
}

function direction(difference: number | null): string {
  return difference === null || difference === 0 ? "" : difference > 0 ? "insights-up" : "insights-down";
}
