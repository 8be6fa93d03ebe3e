import { Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import { COMPARES, PERIODS, type usePeriod } from "./usePeriod";

/** Which days the figures are of, and what they stand beside. */
export function PeriodChoice({ period, setPeriod, compare, setCompare }: ReturnType<typeof usePeriod>) {
  const { t } = useTranslation("insights");
  return (
    <>
      <Segmented
        aria-label={t("period.choose")}
        value={period}
        onChange={setPeriod}
        options={PERIODS.map((value) => ({ value, label: t(`period.${value}`) }))}
      />
      {period !== "all" && (
        <Select
          aria-label={t("compare.choose")}
          value={compare}
          onChange={setCompare}
          popupMatchSelectWidth={false}
          options={COMPARES.map((value) => ({ value, label: t(`compare.${value}`) }))}
        />
      )}
    </>
  );
}
