import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { useMay } from "@regulars/shared/session/session";
import { useSearchValue } from "@regulars/shared/url/search";
import { Alert } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { LeaveGuard } from "../LeaveGuard";
import { VersionSelect } from "../VersionSelect";
import type { Version } from "../versions";
import { BenefitMatrix } from "./BenefitMatrix";
import { LadderForm } from "./LadderForm";
import { PreviewPanel } from "./PreviewPanel";
import { ReassessPanel } from "./ReassessPanel";
import { type Stale, usePreview, useReassessments } from "./reassessments";
import { SavePanel } from "./SavePanel";
import "./tiers.css";
import { useTable } from "./useTable";

/** The ladders of a version: edited in a form that writes into the document, previewed on everybody, published, and then applied. */
export function TiersTab({ versions }: { versions: readonly Version[] }) {
  const { t } = useTranslation(["tiers", "programme"]);
  const editable = useMay()("programme.write");
  const table = useTable(versions);
  const [shown, setShown] = useSearchValue("preview", "");
  const query = usePreview(shown);
  const runs = useReassessments();
  // Which text a preview is of that no version has yet; after the page is loaded again the server still knows, and says so.
  const [asked, setAsked] = useState<{ id: string; text: string } | null>(null);
  if (versions.length === 0) {
    return <NeverAny text={t("programme:versions.never")} />;
  }
  const { plan } = table;
  const seen = query.data;
  const version = versions.find((one) => one.version === seen?.draft_version);
  const of = asked?.id === seen?.id ? asked?.text : version?.document;
  const since = runs.data?.some((run) => seen !== undefined && Date.parse(run.at) > Date.parse(seen.as_of));
  const stale: Stale = of !== undefined && of !== table.text ? "edited" : since ? "reassessed" : null;
  return (
    <div className="tiers">
      <LeaveGuard dirty={table.changed} />
      <p className="quiet tiers-lead">{t("lead")}</p>
      <div className="loyalty-row">
        {table.changed ? (
          <p className="quiet">{t("programme:draft.unsaved", { version: table.began?.version ?? 0 })}</p>
        ) : (
          <VersionSelect
            id="tiers-base"
            label={t("programme:version.shown")}
            value={String(table.began?.version ?? "")}
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
          title={t("unreadable")}
          action={<Link to={`?tab=document&base=${table.began?.version ?? ""}`}>{t("save.toDocument")}</Link>}
        />
      ) : (
        <>
          {plan.ladders.map((ladder) => (
            <LadderForm key={ladder.field} table={table} plan={plan} ladder={ladder} editable={editable} />
          ))}
          <BenefitMatrix table={table} plan={plan} editable={editable} />
        </>
      )}
      {editable && <SavePanel table={table} />}
      <PreviewPanel
        table={table}
        query={query}
        stale={stale}
        onStarted={(one, text) => {
          setAsked({ id: one.id, text });
          setShown(one.id);
        }}
      />
      <ReassessPanel table={table} preview={seen} stale={stale} />
    </div>
  );
}
