import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Cell, FoundLadder } from "./reassessments";
import { useThreshold } from "./threshold";

type Props = { ladder: FoundLadder; currency: string };

/** From the level of the row to the level of the column: how many, and behind each number who. */
export function MovesMatrix({ ladder, currency }: Props) {
  const { t } = useTranslation("tiers");
  const [chosen, setChosen] = useState<string | null>(null);
  const name = said(ladder.label);
  const cells = new Map(ladder.cells.map((cell) => [keyOf(cell), cell]));
  const shown = chosen === null ? undefined : cells.get(chosen);
  const label = (levels: FoundLadder["after"], level: string) =>
    said(levels.find((one) => one.level === level)?.label) || level;
  return (
    <section aria-label={t("moves.title", { ladder: name })}>
      <h3 className="loyalty-sub">{t("moves.title", { ladder: name })}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keys. */}
      <section className="loyalty-scroll" tabIndex={0} aria-label={t("moves.matrix", { ladder: name })}>
        <table className="plain-table tiers-moves">
          <thead>
            <tr>
              <th scope="col">{t("moves.before")}</th>
              {ladder.after.map((level) => (
                <th key={level.level} scope="col" className="num">
                  {t("moves.to", { level: said(level.label) })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ladder.before.map((was) => (
              <tr key={was.level}>
                <th scope="row">{said(was.label)}</th>
                {ladder.after.map((now) => {
                  const cell = cells.get(`${was.level} ${now.level}`);
                  return (
                    <td key={now.level} className={cell ? `num tiers-${cell.direction}` : "num"}>
                      {cell && (
                        <Button
                          size="small"
                          type={chosen === keyOf(cell) ? "primary" : "text"}
                          aria-pressed={chosen === keyOf(cell)}
                          aria-label={t(`moves.${cell.direction}`, {
                            members: count(cell.members),
                            before: said(was.label),
                            after: said(now.label),
                          })}
                          onClick={() => setChosen(chosen === keyOf(cell) ? null : keyOf(cell))}
                        >
                          {t(`moves.cell.${cell.direction}`, { members: count(cell.members) })}
                        </Button>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {shown && (
        <Members
          cell={shown}
          kind={ladder.counts.kind}
          counted={said(ladder.counts.label)}
          currency={currency}
          title={t("moves.members", {
            before: label(ladder.before, shown.before),
            after: label(ladder.after, shown.after),
          })}
        />
      )}
    </section>
  );
}

function keyOf(cell: Cell): string {
  return `${cell.before} ${cell.after}`;
}

type MembersProps = { cell: Cell; kind: string; counted: string; currency: string; title: string };

function Members({ cell, kind, counted, currency, title }: MembersProps) {
  const { t } = useTranslation("tiers");
  const mayOpen = useMay()("members.read");
  const amount = useThreshold(kind, currency);
  return (
    <section className="tiers-members" aria-label={title}>
      <h4>{title}</h4>
      <p className="quiet">{t("moves.sample", { shown: count(cell.sample.length), members: count(cell.members) })}</p>
      <ul>
        {cell.sample.map((one) => (
          <li key={one.member}>
            {mayOpen ? <Link to={`/members/${one.member}`}>{short(one.member)}</Link> : short(one.member)}
            {kind !== "nothing" && (
              <span className="quiet num">{t("moves.counted", { amount: amount(one.counted), counted })}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Enough of an id to tell it from its neighbours: its end is random, its beginning a date. */
function short(id: string): string {
  return `…${id.slice(-8)}`;
}
