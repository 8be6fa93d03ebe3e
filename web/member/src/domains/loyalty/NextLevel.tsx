import { useTranslation } from "react-i18next";
import { amountOf } from "../../mine/amounts";
import type { Me } from "../../mine/mine";
import { Meter } from "../../parts/Meter";

/** How far the next level of a ladder is, as a bar; nothing where there is no next one. */
export function NextLevel({ progress }: { progress: Me["progress"] }) {
  const { t } = useTranslation("loyalty");
  if (progress.goal === null) {
    return null;
  }
  return (
    <Meter
      label={progress.words}
      from={progress.start}
      to={progress.goal}
      now={progress.amount}
      said={t("card.of", {
        amount: amountOf(progress.amount, progress.currency),
        goal: amountOf(progress.goal, progress.currency),
        unit: progress.label,
      })}
    />
  );
}
