import { useTranslation } from "react-i18next";

export const STEPS = ["file", "mapping", "confirm"] as const;
export type Step = (typeof STEPS)[number];

/** Where one is on the way from a file to its import. */
export function Steps({ at }: { at: Step }) {
  const { t } = useTranslation("orders");
  return (
    <ol className="orders-steps" aria-label={t("new.steps")}>
      {STEPS.map((step, number) => (
        <li
          key={step}
          className={STEPS.indexOf(at) > number ? "past" : ""}
          {...(step === at ? { "aria-current": "step" as const } : {})}
        >
          <span className="orders-step-number num">{number + 1}</span>
          {t(`step.${step}`)}
        </li>
      ))}
    </ol>
  );
}
