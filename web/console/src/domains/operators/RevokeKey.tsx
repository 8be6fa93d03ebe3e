import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Key } from "./KeysPage";
import { useFocusBack } from "./useFocusBack";

/** Asks before a key opens nothing any more: that cannot be undone, so its name has to be typed. */
export function RevokeKey({ apiKey, onClose }: { apiKey: Key; onClose: () => void }) {
  const { t } = useTranslation("operators");
  useFocusBack();
  const client = useQueryClient();
  const revoking = useMutation({
    mutationFn: () => answer(api.DELETE("/v1/api-keys/{key}", { params: { path: { key: apiKey.id } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["operators", "keys"] });
      onClose();
    },
  });
  return (
    <ConfirmImpact
      open
      danger
      title={t("keys.revokeOf", { name: apiKey.name })}
      typeName={apiKey.name}
      confirm={t("keys.revoke")}
      busy={revoking.isPending}
      problem={revoking.error ? fromThrown(revoking.error) : null}
      onConfirm={() => revoking.mutate()}
      onCancel={onClose}
    >
      <p>{t("keys.revokeText")}</p>
    </ConfirmImpact>
  );
}
