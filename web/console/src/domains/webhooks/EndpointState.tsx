import { Tag } from "@regulars/shared/desk/Tag";
import { useTranslation } from "react-i18next";
import type { Endpoint } from "./webhooks";

/** Whether an endpoint is sent to, and why not. */
export function EndpointState({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation("webhooks");
  if (endpoint.stopped) {
    return <Tag tone={endpoint.stopped === "operator" ? "quiet" : "bad"}>{t(`stopped.${endpoint.stopped}`)}</Tag>;
  }
  return endpoint.failing_since ? (
    <Tag tone="warn">{t("state.failing")}</Tag>
  ) : (
    <Tag tone="good">{t("state.enabled")}</Tag>
  );
}
