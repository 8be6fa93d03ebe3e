import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useFocusBack } from "./useFocusBack";
import type { Endpoint } from "./webhooks";

/** Asks before an endpoint goes with its secrets and its log: that cannot be undone, so its last six characters have to be typed. */
export function DeleteEndpoint({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const { t } = useTranslation("webhooks");
  useFocusBack();
  const go = useNavigate();
  const client = useQueryClient();
  const deleting = useMutation({
    mutationFn: () =>
      answer(api.DELETE("/v1/webhooks/endpoints/{endpoint}", { params: { path: { endpoint: endpoint.id } } })),
    onSuccess: async () => {
      await go("/webhooks");
      await client.invalidateQueries({ queryKey: ["webhooks", "endpoints"] });
    },
  });
  return (
    <ConfirmImpact
      open
      danger
      title={t("act.delete")}
      typeName={endpoint.id.slice(-6)}
      confirm={t("act.delete")}
      busy={deleting.isPending}
      problem={deleting.error ? fromThrown(deleting.error) : null}
      onConfirm={() => deleting.mutate()}
      onCancel={onClose}
    >
      <p>{t("delete.text")}</p>
    </ConfirmImpact>
  );
}
