import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { useSearchValue } from "@regulars/shared/url/search";
import { Alert, Segmented } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { LeaveGuard } from "../LeaveGuard";
import type { Plan } from "../tiers/reading";
import { SavePanel } from "../tiers/SavePanel";
import "../tiers/tiers.css";
import { useTable } from "../tiers/useTable";
import { VersionSelect } from "../VersionSelect";
import type { Version } from "../versions";
import { BenefitList } from "./BenefitList";
import { CouponList } from "./CouponList";
import type { List } from "./item";
import { RuleList } from "./RuleList";
import { listAt, readWhole } from "./raw";
import "./sentences.css";
import { TryHere } from "./TryHere";

const PARTS = ["earning", "benefits", "coupons"] as const satisfies readonly List[];
/** Faults that stand at the item they name, in the part that is shown. */
const HERE: Record<List, RegExp> = {
  earning: /^earning\[\d+\]/,
  benefits: /^benefits\[\d+\]/,
  coupons: /^coupons\[\d+\]/,
};

/** The rules of a version as sentences whose values can be changed; every change is written into the document, only where it belongs. */
export function SentencesTab({ versions }: { versions: readonly Version[] }) {
  const { t } = useTranslation(["sentences", "programme", "tiers"]);
  const table = useTable(versions);
  const [asked, setPart] = useSearchValue("part", "earning");
  const part = PARTS.find((one) => one === asked) ?? "earning";
  const before = useMemo(() => readWhole(table.began?.document ?? ""), [table.began?.document]);
  if (versions.length === 0) {
    return <NeverAny text={t("programme:versions.never")} />;
  }
  const base = table.began?.version ?? 0;
  const plan = table.plan && speakable(table.plan);
  return (
    <div className="sentences">
      <LeaveGuard dirty={table.changed} />
      <p className="quiet sentences-lead">{t("sentences:lead")}</p>
      <div className="loyalty-row">
        {table.changed ? (
          <p className="quiet">{t("programme:draft.unsaved", { version: base })}</p>
        ) : (
          <VersionSelect
            id="sentences-base"
            label={t("programme:version.shown")}
            value={String(base)}
            onChange={table.setBase}
            versions={versions}
          />
        )}
      </div>
      {plan === null ? (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={t("tiers:unreadable")}
          action={<Link to={`?tab=document&base=${base}`}>{t("tiers:save.toDocument")}</Link>}
        />
      ) : (
        <>
          <Segmented<List>
            aria-label={t("sentences:part.label")}
            value={part}
            onChange={setPart}
            options={PARTS.map((value) => ({ value, label: t(`sentences:part.${value}`) }))}
          />
          {part === "earning" && <RuleList table={table} plan={plan} before={listAt(before, ["earning"])} />}
          {part === "benefits" && <BenefitList table={table} plan={plan} before={listAt(before, ["benefits"])} />}
          {part === "coupons" && <CouponList table={table} plan={plan} before={listAt(before, ["coupons"])} />}
        </>
      )}
      <SavePanel table={table} here={HERE[part]} />
      <TryHere table={table} />
    </div>
  );
}

/** A currency that is none cannot be written as money: amounts are then shown without one, and the check names it. */
function speakable(plan: Plan): Plan {
  return /^[A-Z]{3}$/.test(plan.currency) ? plan : { ...plan, currency: "XXX" };
}
