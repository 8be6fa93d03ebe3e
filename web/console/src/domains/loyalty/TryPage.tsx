import { Page } from "@regulars/shared/desk/Page";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { usePlan } from "@regulars/shared/session/plan";
import { useSearchValue } from "@regulars/shared/url/search";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useDraft } from "./draft";
import "./loyalty.css";
import { TriedResult } from "./TriedResult";
import { TryForm } from "./TryForm";
import { firstTrial, readTrial } from "./trial";
import { IN_FORCE, UNSAVED, VersionSelect } from "./VersionSelect";
import { useVersions } from "./versions";

/** What an order would earn and why. The order, who buys and the version stand in the address, so that a result can be sent to a colleague. */
export default function TryPage() {
  const { t } = useTranslation("programme");
  const plan = usePlan();
  const draft = useDraft();
  const versions = useVersions();
  const [version, setVersion] = useSearchValue("version", IN_FORCE);
  const [asked, setAsked] = useSearchValue("order", "");
  const trial = asked ? readTrial(asked) : null;
  const chosen = version === UNSAVED && !draft ? IN_FORCE : version;
  const under =
    chosen === UNSAVED && draft ? { document: draft.text } : chosen === IN_FORCE ? {} : { version: Number(chosen) };
  return (
    <Page title={t("try.title")} lead={t("try.lead")} back={<Link to="/programme">{t("page.title")}</Link>}>
      {plan === undefined ? (
        <Loading rows={10} />
      ) : (
        <div className="loyalty-try">
          <div className="panel">
            <VersionSelect
              id="try-version"
              label={t("try.under")}
              value={chosen}
              onChange={setVersion}
              versions={versions.data ?? []}
              withDraft={draft !== null}
              withInForce
            />
            <TryForm first={trial ?? firstTrial()} plan={plan} onTry={(next) => setAsked(JSON.stringify(next))} />
          </div>
          <div className="panel">
            {trial ? (
              <TriedResult trial={trial} under={under} plan={plan} />
            ) : (
              <NeverAny title={t("try.noneTitle")} text={t("try.none")} />
            )}
          </div>
        </div>
      )}
    </Page>
  );
}
