import { money } from "@regulars/shared/format/money";
import { count } from "@regulars/shared/format/numbers";
import { useOutline } from "@regulars/shared/session/outline";
import { said, usePlan } from "@regulars/shared/session/plan";
import { useMemo } from "react";

/** Which units are money that was paid in, and how an amount of a unit is written: money with its currency, others as a number. */
export function useUnits() {
  const outline = useOutline();
  const plan = usePlan();
  return useMemo(() => {
    const inMoney = new Set(
      (outline ?? [])
        .filter((item) => item.part === "unit" && item.content.money === true)
        .map((item) => item.path.slice("units.".length)),
    );
    const currency = plan?.currency ?? "";
    return {
      currency,
      isMoney: (unit: string) => inMoney.has(unit),
      show: (unit: string, amount: number) => (inMoney.has(unit) && currency ? money(amount, currency) : count(amount)),
      named: (unit: string, amount: number) =>
        inMoney.has(unit) && currency ? money(amount, currency) : `${count(amount)} ${said(plan?.units[unit]) || unit}`,
    };
  }, [outline, plan]);
}
