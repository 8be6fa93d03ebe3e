import { money } from "@regulars/shared/format/money";
import { count, NONE } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";

/** How an amount of what a ladder counts is said: as money, as months, or as a number. */
export function useThreshold(counts: string, currency: string): (amount: number | null) => string {
  const { t } = useTranslation("tiers");
  return (amount) => {
    if (amount === null) {
      return NONE;
    }
    switch (counts) {
      case "spend":
      case "money":
        return money(amount, currency);
      case "tenure":
      case "months":
        return t("months", { count: amount });
      default:
        return count(amount);
    }
  };
}
