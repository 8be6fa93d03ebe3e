import { instant, programmeZone } from "@regulars/shared/format/dates";
import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { Outcome } from "./Outcome";
import type { Attempt } from "./webhooks";

/** Every request of a delivery with what came back, latest first. */
export function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  const { t } = useTranslation("webhooks");
  if (attempts.length === 0) {
    return <p className="quiet">{t("log.noAttempt")}</p>;
  }
  return (
    <ol className="webhooks-attempts">
      {attempts.map((attempt) => (
        <li key={attempt.no}>
          <p>
            <strong>{t("log.attempt", { no: attempt.no })}</strong>{" "}
            <Outcome status={attempt.status} error={attempt.error} />{" "}
            <span className="quiet">
              <time title={programmeZone()}>{instant(attempt.at)}</time> ·{" "}
              {t("log.took", { ms: count(attempt.duration_ms) })}
            </span>
          </p>
          {attempt.response && <pre className="webhooks-text">{attempt.response}</pre>}
        </li>
      ))}
    </ol>
  );
}
