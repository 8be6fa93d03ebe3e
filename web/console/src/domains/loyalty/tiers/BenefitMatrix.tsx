import { money } from "@regulars/shared/format/money";
import { count, NONE } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { Checkbox, Tag as Chip } from "antd";
import { useTranslation } from "react-i18next";
import { Faults } from "./Field";
import type { Benefit, Level, Plan } from "./reading";
import type { Table } from "./useTable";

type Props = { table: Table; plan: Plan; editable: boolean };

/** Which level of the main ladder has which benefit. A benefit without any level named is everybody's. */
export function BenefitMatrix({ table, plan, editable }: Props) {
  const { t } = useTranslation("tiers");
  const levels = plan.ladders[0]?.levels ?? [];
  return (
    <section aria-label={t("benefits.title")}>
      <h2>{t("benefits.title")}</h2>
      {plan.benefits.length === 0 ? (
        <p className="quiet">{t("benefits.none")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keys.
        <section className="loyalty-scroll" tabIndex={0} aria-label={t("benefits.matrix")}>
          <table className="plain-table tiers-matrix">
            <thead>
              <tr>
                <th scope="col">{t("benefits.benefit")}</th>
                {levels.map((level) => (
                  <th key={level.id} scope="col" className="tiers-tick">
                    {said(level.label) || level.id}
                  </th>
                ))}
                <th scope="col">{t("benefits.quota")}</th>
                <th scope="col" className="num">
                  {t("benefits.cost")}
                </th>
              </tr>
            </thead>
            <tbody>
              {plan.benefits.map((benefit) => (
                <Row key={benefit.at} {...{ table, plan, benefit, levels, editable }} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

type RowProps = Props & { benefit: Benefit; levels: readonly Level[] };

function Row({ table, plan, benefit, levels, editable }: RowProps) {
  const { t } = useTranslation("tiers");
  const everybody = benefit.tiers.length === 0;
  const ids = levels.map((level) => level.id);
  const has = (level: string) => everybody || benefit.tiers.includes(level);
  const lost = benefit.tiers.filter((tier) => !ids.includes(tier));
  const put = (tiers: readonly string[]) =>
    table.change({
      at: ["benefits", benefit.at, "tiers"],
      value: ids.every((level) => tiers.includes(level)) ? undefined : tiers,
    });
  const toggle = (level: string) => {
    const now = new Set(ids.filter(has));
    if (!now.delete(level)) {
      now.add(level);
    }
    put([...ids.filter((one) => now.has(one)), ...lost]);
  };
  // No level at all would mean everybody: the last one stays.
  const only = ids.filter(has).length === 1 && lost.length === 0;
  const name = said(benefit.label);
  return (
    <tr>
      <th scope="row">
        {name}
        {everybody && <span className="quiet"> · {t("benefits.everybody")}</span>}
        {benefit.conditional && <span className="quiet"> · {t("benefits.conditional")}</span>}
        {lost.map((tier) => (
          <Chip
            key={tier}
            closable={editable && benefit.tiers.length > 1}
            onClose={() => put(benefit.tiers.filter((one) => one !== tier))}
          >
            {t("benefits.lostLevel", { level: tier })}
          </Chip>
        ))}
        <Faults of={table.faultsAt(`benefits[${benefit.at}].tiers`)} />
      </th>
      {levels.map((level) => (
        <td key={level.id} className="tiers-tick">
          <Checkbox
            checked={has(level.id)}
            disabled={!editable || (only && has(level.id))}
            aria-label={t("benefits.has", { level: said(level.label) || level.id, benefit: name })}
            onChange={() => toggle(level.id)}
          />
        </td>
      ))}
      <td>
        {benefit.quota === null
          ? t("benefits.unlimited")
          : t("benefits.times", { times: count(benefit.quota.times), period: t(`period.${benefit.quota.per}`) })}
      </td>
      <td className="num">{benefit.unitCost === null ? NONE : money(benefit.unitCost, plan.currency)}</td>
    </tr>
  );
}
