import { useCallback } from "react";
import { useTranslation } from "react-i18next";

export const PURPOSES = ["marketing", "surveys"] as const;
export const CHANNELS = ["sms", "email", "wechat", "push"] as const;

/** The names of purposes and channels; what has none here is shown as it was recorded. */
export function useTopics() {
  const { t } = useTranslation("members");
  const purpose = useCallback(
    (id: string) => (id === "*" ? t("purpose.all") : isOne(PURPOSES, id) ? t(`purpose.${id}`) : id),
    [t],
  );
  const channel = useCallback(
    (id: string) => (id === "*" ? t("channel.all") : isOne(CHANNELS, id) ? t(`channel.${id}`) : id),
    [t],
  );
  const topic = useCallback(
    (one: { purpose: string; channel: string }) =>
      t("consents.topic", { purpose: purpose(one.purpose), channel: channel(one.channel) }),
    [t, purpose, channel],
  );
  return { purpose, channel, topic };
}

function isOne<One extends string>(known: readonly One[], id: string): id is One {
  return known.some((one) => one === id);
}
