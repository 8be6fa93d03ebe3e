import { fromThrown } from "@regulars/shared/api/problem";
import { Failed, NeverAny } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { Tag, type Tone } from "@regulars/shared/desk/Tag";
import { instant } from "@regulars/shared/format/dates";
import { count, NONE, share } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useSearchValue } from "@regulars/shared/url/search";
import { useTranslation } from "react-i18next";
import { useDraft } from "./draft";
import "./simulation.css";
import { type Checkup, type Finding, type Measured, useCheckup } from "./simulations";
import { UNSAVED, VersionSelect } from "./VersionSelect";
import { useStandings, type Version } from "./versions";

const TONES: Record<Measured["grade"], Tone> = { A: "good", B: "good", C: "warn", D: "warn", E: "bad" };

/** Is the programme simple, well spread, fair, sustainable, felt? Each grade with the figures behind it and what to change. */
export function CheckupTab({ versions }: { versions: readonly Version[] }) {
  const { t } = useTranslation("simulation");
  const draft = useDraft();
  const { inForce } = useStandings(versions);
  const [chosen, setChosen] = useSearchValue("of", draft ? UNSAVED : String((inForce ?? versions[0])?.version ?? ""));
  const unsaved = chosen === UNSAVED && draft !== null;
  const query = useCheckup(unsaved || !Number(chosen) ? null : Number(chosen), unsaved ? draft.text : null);
  if (versions.length === 0) {
    return <NeverAny text={t("never")} />;
  }
  return (
    <div className="simulation">
      <div className="loyalty-row">
        <VersionSelect
          id="checkup-of"
          label={t("checkup.of")}
          value={chosen}
          onChange={setChosen}
          versions={versions}
          withDraft={draft !== null}
        />
      </div>
      {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {query.data === undefined && !query.error && <Loading rows={8} />}
      {query.data && <Findings found={query.data} />}
    </div>
  );
}

function Findings({ found }: { found: Checkup }) {
  const { t } = useTranslation("simulation");
  return (
    <>
      <p className="quiet simulation-lead">
        {t(`checkup.basis.${found.basis}`, { buyers: count(found.buyers), at: instant(found.as_of) })}
      </p>
      <div className="checkup">
        {found.findings.map((finding) => (
          <Area key={finding.area} finding={finding} />
        ))}
      </div>
    </>
  );
}

function Area({ finding }: { finding: Finding }) {
  const { t } = useTranslation("simulation");
  return (
    <section className="checkup-area" aria-label={t(`checkup.area.${finding.area}`)}>
      <header>
        <span className={`checkup-grade ${finding.grade ? TONES[finding.grade] : "quiet"}`}>
          {finding.grade ?? NONE}
        </span>
        <div>
          <h2>{t(`checkup.area.${finding.area}`)}</h2>
          <p className="quiet">{t(`checkup.question.${finding.area}`)}</p>
        </div>
      </header>
      {finding.measured.length > 0 && (
        <dl className="checkup-figures">
          {finding.measured.map((one) => (
            <div key={one.name}>
              <dt>{said(one.label)}</dt>
              <dd>
                <strong className="num">{shown(one.unit, one.value)}</strong>
                <Tag tone={TONES[one.grade]}>{one.grade}</Tag>
                <details>
                  <summary>{t("checkup.borders")}</summary>
                  <ul>
                    {one.borders.map((border) => (
                      <li key={border.grade} className="num">
                        {border.grade}: {shown(one.unit, border.low, "")} – {shown(one.unit, border.high, "")}
                      </li>
                    ))}
                  </ul>
                  <p className="quiet">{said(one.source)}</p>
                </details>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {finding.advice.length > 0 && (
        <ul className="checkup-advice" aria-label={t("checkup.advice")}>
          {finding.advice.map((one) => (
            <li key={one.en}>{said(one)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function shown(unit: Measured["unit"], value: number | null, none = "∞"): string {
  if (value === null) {
    return none;
  }
  return unit === "share" ? share(value / 10_000) : unit === "ratio" ? `× ${(value / 100).toFixed(2)}` : count(value);
}
