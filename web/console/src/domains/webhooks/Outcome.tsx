import { NONE } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import type { Attempt } from "./webhooks";

/** What came back: the status of the response, or why there was none. */
export function Outcome({ status, error }: { status: number | null; error: Attempt["error"] }) {
  const { t } = useTranslation("webhooks");
  if (status !== null) {
    return <code>{status}</code>;
  }
  return error === null ? NONE : t(`error.${error}`);
}
