import { Tag, type Tone } from "@regulars/shared/desk/Tag";
import { useTranslation } from "react-i18next";
import type { Status } from "./people";

const TONES: Record<Status, Tone> = { active: "good", closed: "quiet", erased: "warn" };

/** A member's status as a coloured word. */
export function StatusTag({ status }: { status: Status }) {
  const { t } = useTranslation("members");
  return <Tag tone={TONES[status]}>{t(`status.${status}`)}</Tag>;
}
