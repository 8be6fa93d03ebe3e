import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { Tag, type Tone } from "@regulars/shared/desk/Tag";
import { ago, instant } from "@regulars/shared/format/dates";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { type Listed, useSimulations } from "./simulations";

const TONES: Record<Listed["state"], Tone> = {
  queued: "quiet",
  running: "info",
  stopping: "warn",
  done: "good",
  failed: "bad",
  cancelled: "quiet",
};

/** The latest simulations; one of them is chosen to be looked at. */
export function SimulationList({ onChosen }: { onChosen: (id: string) => void }) {
  const { t } = useTranslation("simulation");
  const query = useSimulations();
  if (query.error) {
    return <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return <Loading rows={4} />;
  }
  if (query.data.length === 0) {
    return <p className="quiet">{t("none")}</p>;
  }
  return (
    <section aria-label={t("latest")}>
      <h2>{t("latest")}</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t("draft")}</th>
            <th scope="col">{t("against")}</th>
            <th scope="col">{t("stateName")}</th>
            <th scope="col">{t("askedAt")}</th>
          </tr>
        </thead>
        <tbody>
          {query.data.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <Button type="link" size="small" onClick={() => onChosen(one.id)}>
                  {one.draft_version === null ? t("unsaved") : t("version", { version: one.draft_version })}
                </Button>
              </th>
              <td>{t("version", { version: one.running_version })}</td>
              <td>
                <Tag tone={TONES[one.state]}>{t(`state.${one.state}`)}</Tag>
              </td>
              <td>
                <time title={instant(one.asked_at)}>{ago(one.asked_at)}</time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
