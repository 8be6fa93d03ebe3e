import { instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count, NONE, share, signed } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { SimulationCharts } from "./SimulationCharts";
import { SimulationMembers } from "./SimulationMembers";
import type { Result } from "./simulations";

const BASIS = 10_000;
const FLOWS = ["granted", "spent", "expired", "reversed", "outstanding"] as const;

/** What a simulation found: points and cost, tiers, rules, who wins and loses, and what had to be assumed. */
export function SimulationResult({ result }: { result: Result }) {
  const { t } = useTranslation("simulation");
  return (
    <div className="simulation-result">
      <p className="quiet">
        {t("about", {
          members: count(result.members),
          orders: count(result.orders),
          refunds: count(result.refunds),
          until: instant(result.as_of),
        })}
        {result.sample_bp < BASIS && ` ${t("aboutSample", { share: result.sample_bp / 100 })}`}
      </p>
      <Sums result={result} />
      <SimulationMembers result={result} />
      <Tiers result={result} />
      <Rules result={result} />
      <SimulationCharts result={result} />
      <section>
        <h2>{t("assumed")}</h2>
        <ul className="simulation-assumed">
          {result.assumptions.map((one) => (
            <li key={one.code}>
              {said(one.text)}
              {one.times !== null && <span className="num"> ({t("times", { times: count(one.times) })})</span>}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** A row of both sides and their difference. */
type Line = { key: string; name: string; before: string; after: string; change: string };

function Lines({ title, lines }: { title: string; lines: readonly Line[] }) {
  const { t } = useTranslation("simulation");
  return (
    <div>
      <h2>{title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keys. */}
      <section className="loyalty-scroll" tabIndex={0} aria-label={title}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t("what")}</th>
              <th scope="col" className="num">
                {t("before")}
              </th>
              <th scope="col" className="num">
                {t("after")}
              </th>
              <th scope="col" className="num">
                {t("change")}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.key}>
                <th scope="row">{line.name}</th>
                <td className="num">{line.before}</td>
                <td className="num">{line.after}</td>
                <td className="num">{line.change}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function counted(key: string, name: string, before: number | undefined, after: number | undefined): Line {
  const change = before === undefined || after === undefined ? NONE : signed(after - before);
  return { key, name, before: count(before), after: count(after), change };
}

function Sums({ result }: { result: Result }) {
  const { t } = useTranslation("simulation");
  const { before, after, currency } = result;
  const cash = (key: "cost" | "liability"): Line => ({
    key,
    name: t(key),
    before: money(before[key], currency),
    after: money(after[key], currency),
    change: money(after[key] - before[key], currency),
  });
  const part = (value: number | null) => (value === null ? NONE : share(value / BASIS));
  const lines: Line[] = [
    cash("cost"),
    {
      key: "share",
      name: t("costShare"),
      before: part(before.cost_share_bp),
      after: part(after.cost_share_bp),
      change: "",
    },
    cash("liability"),
  ];
  const units = [...new Map([...before.units, ...after.units].map((unit) => [unit.unit, unit.label]))];
  for (const [unit, label] of units) {
    const was = before.units.find((one) => one.unit === unit);
    const now = after.units.find((one) => one.unit === unit);
    for (const flow of FLOWS) {
      lines.push(
        counted(
          `${unit}.${flow}`,
          t("flowOf", { unit: said(label), flow: t(`flow.${flow}`) }),
          was?.[flow],
          now?.[flow],
        ),
      );
    }
  }
  return <Lines title={t("sums")} lines={lines} />;
}

function Tiers({ result }: { result: Result }) {
  const { t } = useTranslation("simulation");
  return result.ladders.map((ladder) => {
    const labels = new Map(ladder.levels.map((level) => [level.level, said(level.label)]));
    const moved = ladder.moves.filter((move) => move.before !== move.after);
    return (
      <div key={ladder.ladder} className="simulation-tiers">
        <Lines
          title={t("tiers")}
          lines={ladder.levels.map((level) => counted(level.level, said(level.label), level.before, level.after))}
        />
        <section>
          <h2>{t("moves")}</h2>
          {moved.length === 0 && <p className="quiet">{t("nobodyMoves")}</p>}
          <ul className="simulation-moves">
            {moved.map((move) => (
              <li key={`${move.before}.${move.after}`}>
                {labels.get(move.before) ?? move.before} → {labels.get(move.after) ?? move.after}
                <strong className="num">{count(move.members)}</strong>
              </li>
            ))}
          </ul>
        </section>
      </div>
    );
  });
}

function Rules({ result }: { result: Result }) {
  const { t } = useTranslation("simulation");
  return (
    <Lines
      title={t("rules")}
      lines={result.rules.map((rule) => counted(rule.rule, said(rule.label), rule.before?.units, rule.after?.units))}
    />
  );
}
