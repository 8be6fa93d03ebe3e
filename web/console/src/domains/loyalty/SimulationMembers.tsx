import { money } from "@regulars/shared/format/money";
import { count } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Result } from "./simulations";

type Example = Result["winners"][number];

const FEW = 10;

/** Who wins, who loses, by how much, and why: those furthest out can be opened. */
export function SimulationMembers({ result }: { result: Result }) {
  const { t } = useTranslation("simulation");
  return (
    <section>
      <h2>{t("members")}</h2>
      <dl className="loyalty-earned">
        {result.verdicts.map((one) => (
          <div key={one.verdict}>
            <dt>{t(`verdict.${one.verdict}`)}</dt>
            <dd className="num">{count(one.members)}</dd>
            <span className="quiet num">{money(one.value, result.currency)}</span>
          </div>
        ))}
      </dl>
      <div className="simulation-pair">
        <Examples title={t("winners")} members={result.winners} result={result} />
        <Examples title={t("losers")} members={result.losers} result={result} />
      </div>
    </section>
  );
}

function Examples({ title, members, result }: { title: string; members: readonly Example[]; result: Result }) {
  const { t } = useTranslation("simulation");
  const mayOpen = useMay()("members.read");
  if (members.length === 0) {
    return null;
  }
  return (
    <section className="loyalty-scroll" aria-label={title}>
      <h3>{title}</h3>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t("member")}</th>
            <th scope="col" className="num">
              {t("change")}
            </th>
            <th scope="col">{t("because")}</th>
          </tr>
        </thead>
        <tbody>
          {members.slice(0, FEW).map((one) => (
            <tr key={one.member}>
              <th scope="row">
                {mayOpen ? <Link to={`/members/${one.member}`}>{short(one.member)}</Link> : short(one.member)}
              </th>
              <td className="num">{money(one.after - one.before, result.currency)}</td>
              <td>
                {said(one.reason)}
                <Move one={one} result={result} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Move({ one, result }: { one: Example; result: Result }) {
  const plan = usePlan();
  return one.levels_after.map((place) => {
    const was = one.levels_before.find((other) => other.ladder === place.ladder)?.level;
    if (was === undefined || was === place.level) {
      return null;
    }
    const levels =
      result.ladders.find((ladder) => ladder.ladder === place.ladder)?.levels ?? plan?.levels.map(levelOf) ?? [];
    const name = (level: string) => said(levels.find((other) => other.level === level)?.label) || level;
    return (
      <span key={place.ladder} className="quiet">
        {" "}
        · {name(was)} → {name(place.level)}
      </span>
    );
  });
}

function levelOf(level: { id: string; label: { en: string; zh: string } }) {
  return { level: level.id, label: level.label };
}

/** Enough of an id to tell it from its neighbours: its end is random, its beginning a date. */
function short(id: string): string {
  return `…${id.slice(-8)}`;
}
