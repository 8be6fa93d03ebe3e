import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { signed } from "@regulars/shared/format/numbers";
import { type Plan, said } from "@regulars/shared/session/plan";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { RuleTrace } from "./RuleTrace";
import { asBody, type Trial, type Tried } from "./trial";

type Props = { trial: Trial; under: { version?: number; document?: string }; plan: Plan };

/** What the order would do: what it earns, the level, every rule with its reason, and the journal in words. */
export function TriedResult({ trial, under, plan }: Props) {
  const query = useQuery({
    queryKey: ["programme", "try", trial, under],
    queryFn: ({ signal }) =>
      answer(api.POST("/v1/programme/try", { body: asBody(trial, under, plan.currency), signal })),
    placeholderData: keepPreviousData,
  });
  if (query.error) {
    return <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  return query.data === undefined ? <Loading rows={10} /> : <Shown tried={query.data} plan={plan} />;
}

function Shown({ tried, plan }: { tried: Tried; plan: Plan }) {
  const { t } = useTranslation("programme");
  const level = (id: string) => said(plan.levels.find((one) => one.id === id)?.label) || id;
  const units = [...new Set([...Object.keys(plan.units), ...Object.keys(tried.granted)])];
  const changed = tried.level_before !== tried.level_after;
  return (
    <div className="loyalty-result">
      <h2>{t("result.title")}</h2>
      <dl className="loyalty-earned">
        {units.map((unit) => (
          <div key={unit}>
            <dt>{said(plan.units[unit]) || unit}</dt>
            <dd className="num">{signed(tried.granted[unit] ?? 0)}</dd>
          </div>
        ))}
        <div>
          <dt>{t("result.level")}</dt>
          <dd>{changed ? `${level(tried.level_before)} → ${level(tried.level_after)}` : level(tried.level_after)}</dd>
        </div>
      </dl>
      <p className="quiet">{t("result.nothingKept")}</p>
      <h2>{t("result.rules")}</h2>
      <ul className="loyalty-traces">
        {tried.rules.map((trace) => (
          <RuleTrace key={trace.rule} trace={trace} plan={plan} />
        ))}
      </ul>
      <h2>{t("result.journal")}</h2>
      {tried.reasons.length === 0 ? (
        <p className="quiet">{t("result.noJournal")}</p>
      ) : (
        <ol className="loyalty-journal">
          {tried.reasons.map((reason) => (
            <li key={reason.en}>{said(reason)}</li>
          ))}
        </ol>
      )}
    </div>
  );
}
