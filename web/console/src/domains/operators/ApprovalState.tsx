import { Tag, type Tone } from "@regulars/shared/desk/Tag";
import { useTranslation } from "react-i18next";
import type { State } from "./approvals";

const TONES: Record<State, Tone> = {
  pending: "warn",
  executed: "good",
  refused: "bad",
  withdrawn: "quiet",
  expired: "quiet",
};

/** Where a request stands, as a coloured word. */
export function ApprovalState({ state }: { state: State }) {
  const { t } = useTranslation("operators");
  return <Tag tone={TONES[state]}>{t(`approvalState.${state}`)}</Tag>;
}
