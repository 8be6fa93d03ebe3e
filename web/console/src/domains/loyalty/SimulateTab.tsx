import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { Failed, NeverAny } from "@regulars/shared/desk/states/Empties";
import { JobProgress } from "@regulars/shared/desk/states/JobProgress";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { count } from "@regulars/shared/format/numbers";
import { currentLanguage } from "@regulars/shared/i18n/language";
import { useMay } from "@regulars/shared/session/session";
import { useSearchValue } from "@regulars/shared/url/search";
import { Alert, Button, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDraft } from "./draft";
import { SimulationList } from "./SimulationList";
import { SimulationResult } from "./SimulationResult";
import "./simulation.css";
import { isLive, SHOWN_AS, type Simulation, useCancel, useSimulation, useStart } from "./simulations";
import { UNSAVED, VersionSelect } from "./VersionSelect";
import { useStandings, type Version } from "./versions";

const SAMPLES = [10_000, 5_000, 1_000, 100];

/** A draft on the brand's own history beside the programme in force. Which simulation is shown stands in the address. */
export function SimulateTab({ versions }: { versions: readonly Version[] }) {
  const { t } = useTranslation("simulation");
  const may = useMay();
  const [shown, setShown] = useSearchValue("simulation", "");
  if (versions.length === 0) {
    return <NeverAny text={t("never")} />;
  }
  return (
    <div className="simulation">
      <p className="quiet simulation-lead">{t("lead")}</p>
      {may("programme.write") && <Ask versions={versions} onStarted={(one) => setShown(one.id)} />}
      {shown ? <Shown id={shown} /> : <SimulationList onChosen={setShown} />}
      {shown && (
        <Button type="link" onClick={() => setShown("")}>
          {t("others")}
        </Button>
      )}
    </div>
  );
}

type AskProps = { versions: readonly Version[]; onStarted: (one: Simulation) => void };

function Ask({ versions, onStarted }: AskProps) {
  const { t } = useTranslation("simulation");
  const draft = useDraft();
  const { inForce } = useStandings(versions);
  const [chosen, setChosen] = useState(draft ? UNSAVED : String(versions[0]?.version ?? ""));
  const [against, setAgainst] = useState(String(inForce?.version ?? versions[0]?.version ?? ""));
  const [sample, setSample] = useState(SAMPLES[0] ?? 10_000);
  const start = useStart(onStarted);
  const unsaved = chosen === UNSAVED && draft !== null;
  return (
    <form
      className="loyalty-row"
      aria-label={t("ask")}
      onSubmit={(event) => {
        event.preventDefault();
        const what = unsaved ? { document: draft.text } : { version: Number(chosen) };
        start.mutate({ ...what, against: Number(against), sample_bp: sample });
      }}
    >
      <VersionSelect
        id="simulate-draft"
        label={t("draft")}
        value={chosen === UNSAVED && !draft ? String(versions[0]?.version ?? "") : chosen}
        onChange={setChosen}
        versions={versions}
        withDraft={draft !== null}
      />
      <VersionSelect
        id="simulate-against"
        label={t("against")}
        value={against}
        onChange={setAgainst}
        versions={versions}
      />
      <label className="loyalty-field" htmlFor="simulate-sample">
        <span>{t("sample")}</span>
        <Select
          id="simulate-sample"
          value={sample}
          onChange={setSample}
          options={SAMPLES.map((value) => ({ value, label: t("sampleOf", { share: value / 100 }) }))}
        />
      </label>
      <Button type="primary" htmlType="submit" loading={start.isPending}>
        {t("start")}
      </Button>
      {start.error && <ProblemNote problem={fromThrown(start.error)} />}
    </form>
  );
}

function Shown({ id }: { id: string }) {
  const query = useSimulation(id);
  if (query.data === undefined) {
    return query.error ? (
      <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />
    ) : (
      <Loading rows={8} />
    );
  }
  const one = query.data;
  return (
    <>
      {query.error && <ProblemNote problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      <Standing one={one} />
      {one.result && <SimulationResult result={one.result} />}
    </>
  );
}

function Standing({ one }: { one: Simulation }) {
  const { t } = useTranslation("simulation");
  const may = useMay();
  const cancel = useCancel(one.id);
  if (one.state === "done") {
    return null;
  }
  if (one.error) {
    return <Alert type="error" showIcon role="alert" title={t("failed")} description={one.error[tongue()]} />;
  }
  const job = { state: SHOWN_AS[one.state], done: one.done, total: one.total, secondsLeft: one.remaining_seconds };
  const stoppable = may("programme.write") && isLive(one) && one.state !== "stopping";
  return (
    <div className="simulation-progress">
      <JobProgress job={job} label={t(`state.${one.state}`)} {...(stoppable && { onCancel: () => cancel.mutate() })} />
      <p className="quiet num">
        {t("replayed", { orders: count(one.orders) })}
        {one.rate !== null && ` · ${t("rate", { rate: count(Math.round(one.rate)) })}`}
      </p>
      {cancel.error && <ProblemNote problem={fromThrown(cancel.error)} />}
    </div>
  );
}

function tongue(): "en" | "zh" {
  return currentLanguage() === "en" ? "en" : "zh";
}
