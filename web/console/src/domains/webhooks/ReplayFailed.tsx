import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { DayInput } from "@regulars/shared/desk/fields/DayInput";
import { startOfDay } from "@regulars/shared/format/days";
import { count } from "@regulars/shared/format/numbers";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "./useFocusBack";
import type { Endpoint } from "./webhooks";

const WEEK_MS = 7 * 86_400_000;

/** Sends everything again that failed since a day. */
export function ReplayFailed({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const { t } = useTranslation("webhooks");
  useFocusBack();
  const id = useId();
  const [since, setSince] = useState(() => new Date(Date.now() - WEEK_MS).toISOString().slice(0, 10));
  const client = useQueryClient();
  const replaying = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/webhooks/endpoints/{endpoint}/replay-failed", {
          params: { path: { endpoint: endpoint.id } },
          body: { since: startOfDay(since) },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["webhooks"] });
      onClose();
    },
  });
  return (
    <ConfirmImpact
      open
      title={t("act.replayFailed")}
      confirm={t("act.replayFailed")}
      busy={replaying.isPending}
      problem={replaying.error ? fromThrown(replaying.error) : null}
      onConfirm={() => replaying.mutate()}
      onCancel={onClose}
    >
      <p>{t("replay.text", { count: endpoint.failed, shown: count(endpoint.failed) })}</p>
      <label htmlFor={id}>{t("replay.since")}</label>
      <DayInput id={id} value={since} onChange={(day) => setSince(day || since)} />
    </ConfirmImpact>
  );
}
