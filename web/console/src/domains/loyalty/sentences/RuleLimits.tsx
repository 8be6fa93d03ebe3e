import { useTranslation } from "react-i18next";
import { AddClause, Clause } from "./Clause";
import type { Item } from "./item";
import { NumberSlot } from "./NumberSlot";
import { PickSlot } from "./PickSlot";
import { ORDER, PERIODS } from "./rules";
import { Sentence } from "./Sentence";

/** How amounts of what a rule gives are shown: as numbers, or as money. */
export type Amounts = { scale?: "money"; currency?: string };

type Props = { item: Item; onOrder: boolean; amounts: Amounts };

/** Up to which limit a rule gives, and to whom it does not. */
export function RuleLimits({ item, onOrder, amounts }: Props) {
  const { t } = useTranslation("sentences");
  const periods = PERIODS.filter((period) => onOrder || period !== ORDER);
  const amount = <NumberSlot item={item} path={["cap", "amount"]} label={t("rule.capAmount")} {...amounts} />;
  const per = (
    <PickSlot
      item={item}
      path={["cap", "per"]}
      label={t("rule.capPer")}
      options={periods.map((value) => ({ value, label: t(`per.${value}`) }))}
    />
  );
  const budget = <NumberSlot item={item} path={["budget"]} label={t("rule.budgetAmount")} {...amounts} />;
  return (
    <>
      <Clause item={item} path={["cap"]} away={t("remove.cap")}>
        <Sentence text={t("rule.cap")} slots={{ amount, per }} />
      </Clause>
      <Clause item={item} path={["budget"]} away={t("remove.budget")}>
        <Sentence text={t("rule.budget")} slots={{ budget }} />
      </Clause>
      <Clause item={item} path={["incentive"]} away={t("remove.incentive")}>
        {t("rule.incentive")}
      </Clause>
      {t("rule.end")}
    </>
  );
}

const CAP = { per: "day", amount: 100 };
const BUDGET = 100_000;

/** What limits a rule can still be given. */
export function AddLimits({ item }: { item: Item }) {
  const { t } = useTranslation("sentences");
  return (
    <>
      <AddClause item={item} path={["cap"]} label={t("add.cap")} value={CAP} focus={["cap", "amount"]} />
      <AddClause item={item} path={["budget"]} label={t("add.budget")} value={BUDGET} />
      <AddClause item={item} path={["incentive"]} label={t("add.incentive")} value={true} />
    </>
  );
}
