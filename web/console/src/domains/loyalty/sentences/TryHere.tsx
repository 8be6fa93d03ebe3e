import { usePlan } from "@regulars/shared/session/plan";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { TriedResult } from "../TriedResult";
import { TryForm } from "../TryForm";
import type { Table } from "../tiers/useTable";
import { firstTrial, type Trial } from "../trial";

/** An order tried with the sentences as they stand above: what every rule gives it, and why. It is tried anew after each change. */
export function TryHere({ table }: { table: Table }) {
  const { t } = useTranslation(["sentences", "programme"]);
  const plan = usePlan();
  const [trial, setTrial] = useState<Trial | null>(null);
  const [first] = useState(firstTrial);
  if (plan === undefined) {
    return null;
  }
  const order = trial ? `&order=${encodeURIComponent(JSON.stringify(trial))}` : "";
  const under = table.changed ? "unsaved" : String(table.began?.version ?? "");
  return (
    <details className="sentences-try">
      <summary>{t("sentences:try.title")}</summary>
      <div className="loyalty-try">
        <div>
          <TryForm first={first} plan={plan} onTry={setTrial} />
        </div>
        <div>
          {trial && table.check.valid && <TriedResult trial={trial} under={{ document: table.text }} plan={plan} />}
          {trial && !table.check.valid && <p className="quiet">{t("programme:check.whenValid")}</p>}
          {!trial && <p className="quiet">{t("programme:try.none")}</p>}
          <p>
            <Link to={`/try-order?version=${under}${order}`}>{t("sentences:try.page")}</Link>
          </p>
        </div>
      </div>
    </details>
  );
}
