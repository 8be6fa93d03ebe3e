import { Tag } from "@regulars/shared/desk/Tag";
import { useTranslation } from "react-i18next";
import { type State, TONES } from "./webhooks";

/** A delivery's state as a coloured word. */
export function DeliveryState({ state }: { state: State }) {
  const { t } = useTranslation("webhooks");
  return <Tag tone={TONES[state]}>{t(`delivery.${state}`)}</Tag>;
}
