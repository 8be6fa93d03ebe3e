import { CheckOutlined, CloseOutlined } from "@ant-design/icons";
import { Tag, type Tone } from "@regulars/shared/desk/Tag";
import { instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count, NONE } from "@regulars/shared/format/numbers";
import { type Plan, said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import type { Leaf, Trace } from "./trial";

const TONES: Record<Trace["state"], Tone> = {
  granted: "good",
  capped: "warn",
  withheld: "warn",
  outdone: "info",
  nothing: "quiet",
  not_met: "quiet",
};
const MONEY = new Set(["order.total", "line.amount", "member.spend"]);

/** One rule: what it wanted to give, what it gave, and every comparison of its condition. */
export function RuleTrace({ trace, plan }: { trace: Trace; plan: Plan }) {
  const { t } = useTranslation("programme");
  return (
    <li>
      <p className="loyalty-trace-head">
        <Tag tone={TONES[trace.state]}>{t(`trace.${trace.state}`)}</Tag>
        <strong>{said(trace.title)}</strong>
        <code className="quiet">{trace.rule}</code>
        <span className="loyalty-trace-given num">
          {t("trace.given", { granted: count(trace.granted), unit: said(plan.units[trace.unit]) || trace.unit })}
          {trace.desired !== trace.granted && (
            <span className="quiet"> {t("trace.wanted", { desired: count(trace.desired) })}</span>
          )}
        </span>
      </p>
      {trace.judged.some((judged) => judged.leaves.length > 0) && (
        <table className="plain-table loyalty-leaves">
          <thead>
            <tr>
              <th scope="col">{t("leaf.condition")}</th>
              <th scope="col">{t("leaf.expected")}</th>
              <th scope="col">{t("leaf.actual")}</th>
              <th scope="col">{t("leaf.holds")}</th>
            </tr>
          </thead>
          <tbody>
            {trace.judged.flatMap((judged) =>
              judged.leaves.map((leaf) => (
                <LeafRow key={`${judged.line} ${leaf.path}`} leaf={leaf} line={judged.line} plan={plan} />
              )),
            )}
          </tbody>
        </table>
      )}
    </li>
  );
}

function LeafRow({ leaf, line, plan }: { leaf: Leaf; line: number | null; plan: Plan }) {
  const { t } = useTranslation("programme");
  return (
    <tr>
      <th scope="row">
        {said(leaf.label)}
        {line !== null && <span className="quiet"> · {t("line.number", { number: line })}</span>}
      </th>
      <td>
        {t(`operator.${leaf.operator}`, { defaultValue: leaf.operator })} {useShown(leaf.expected, leaf.field, plan)}
      </td>
      <td>{useShown(leaf.actual, leaf.field, plan)}</td>
      <td>
        {leaf.holds ? (
          <CheckOutlined className="loyalty-yes" aria-label={t("leaf.yes")} role="img" />
        ) : (
          <CloseOutlined className="loyalty-no" aria-label={t("leaf.no")} role="img" />
        )}
      </td>
    </tr>
  );
}

/** A value of a comparison as people write it: money with its currency, levels by name. */
function useShown(value: unknown, field: string, plan: Plan): string {
  const { t } = useTranslation("programme");
  const one = (part: unknown): string => {
    switch (typeof part) {
      case "boolean":
        return part ? t("leaf.yes") : t("leaf.no");
      case "number":
        return MONEY.has(field) ? money(part, plan.currency) : count(part);
      case "string":
        return worded(part, field, plan);
      default:
        return NONE;
    }
  };
  return Array.isArray(value) ? value.map(one).join(", ") : one(value);
}

function worded(text: string, field: string, plan: Plan): string {
  if (field === "member.tier") {
    return said(plan.levels.find((level) => level.id === text)?.label) || text;
  }
  return /^\d{4}-\d\d-\d\dT/.test(text) ? instant(text) : text || NONE;
}
