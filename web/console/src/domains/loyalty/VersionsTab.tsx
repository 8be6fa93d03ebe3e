import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { Tag, type Tone } from "@regulars/shared/desk/Tag";
import { Who } from "@regulars/shared/desk/Who";
import { ago, instant } from "@regulars/shared/format/dates";
import { NONE } from "@regulars/shared/format/numbers";
import { useMay } from "@regulars/shared/session/session";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { setDraft, useDraft } from "./draft";
import { PublishDialog } from "./PublishDialog";
import { type Standing, useStandings, type Version } from "./versions";

const TONES: Record<Standing, Tone> = {
  draft: "info",
  discarded: "quiet",
  scheduled: "warn",
  inForce: "good",
  past: "quiet",
};

/** Every version, newest first, and what can be done with it. */
export function VersionsTab({ versions }: { versions: readonly Version[] }) {
  const { t } = useTranslation("programme");
  const { of, inForce } = useStandings(versions);
  const [chosen, setChosen] = useState<Version | null>(null);
  const [done, setDone] = useState<string | null>(null);
  if (versions.length === 0) {
    return <NeverAny text={t("versions.never")} />;
  }
  return (
    <>
      {done && <Alert className="loyalty-done" type="success" showIcon role="status" title={done} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keys. */}
      <section className="loyalty-scroll" tabIndex={0} aria-label={t("tab.versions")}>
        <table className="plain-table loyalty-versions">
          <thead>
            <tr>
              <th scope="col">{t("versions.version")}</th>
              <th scope="col">{t("versions.state")}</th>
              <th scope="col">{t("versions.from")}</th>
              <th scope="col">{t("versions.note")}</th>
              <th scope="col">{t("versions.by")}</th>
              <th scope="col">{t("versions.made")}</th>
              <th scope="col">{t("versions.actions")}</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => (
              <tr key={version.version}>
                <th scope="row">
                  <Link to={`?version=${version.version}`} className="num">
                    {t("version.number", { version: version.version })}
                  </Link>
                </th>
                <td>
                  <Tag tone={TONES[of(version.version)]}>{t(`state.${of(version.version)}`)}</Tag>
                </td>
                <td>
                  {version.effective_from ? <time className="num">{instant(version.effective_from)}</time> : NONE}
                </td>
                <td className="loyalty-note">{version.note || NONE}</td>
                <td>
                  <Who id={version.published_by ?? version.created_by} />
                </td>
                <td>
                  <time title={instant(version.created_at)}>{ago(version.created_at)}</time>
                </td>
                <td>
                  <Actions
                    version={version}
                    standing={of(version.version)}
                    inForce={inForce?.version}
                    onPublish={() => setChosen(version)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {chosen && (
        <PublishDialog
          version={chosen.version}
          kind={chosen.state === "draft" ? "publish" : "rollBack"}
          inForce={inForce?.version}
          onDone={(said) => {
            setDone(said);
            setChosen(null);
          }}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  );
}

type ActionProps = { version: Version; standing: Standing; inForce: number | undefined; onPublish: () => void };

function Actions({ version, standing, inForce, onPublish }: ActionProps) {
  const { t } = useTranslation("programme");
  const may = useMay();
  const go = useNavigate();
  const draft = useDraft();
  return (
    <div className="loyalty-actions">
      {may("programme.publish") && standing === "draft" && (
        <Button size="small" type="primary" onClick={onPublish}>
          {t("publish.open")}
        </Button>
      )}
      {may("programme.publish") && standing === "past" && (
        <Button size="small" onClick={onPublish}>
          {t("rollBack.open")}
        </Button>
      )}
      {may("programme.write") && (
        <Button
          size="small"
          type="link"
          disabled={draft !== null}
          title={draft ? t("versions.editBlocked") : ""}
          onClick={() => {
            setDraft(null);
            void go(`?tab=document&base=${version.version}`);
          }}
        >
          {t("versions.edit")}
        </Button>
      )}
      {inForce !== undefined && inForce !== version.version && (
        <Button
          size="small"
          type="link"
          onClick={() => void go(`?tab=compare&before=${inForce}&after=${version.version}`)}
        >
          {t("versions.compare")}
        </Button>
      )}
    </div>
  );
}
