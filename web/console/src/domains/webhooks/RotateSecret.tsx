import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { InputNumber, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { SecretShown } from "./SecretShown";
import { useFocusBack } from "./useFocusBack";
import type { Endpoint } from "./webhooks";

const DAY = 24;

/** Gives an endpoint a new secret; the one before is signed with too until the overlap ends. */
export function RotateSecret({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const { t } = useTranslation("webhooks");
  useFocusBack();
  const id = useId();
  const [hours, setHours] = useState(DAY);
  const client = useQueryClient();
  const rotating = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/webhooks/endpoints/{endpoint}/secrets", {
          params: { path: { endpoint: endpoint.id } },
          body: { overlap_hours: hours },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["webhooks"] }),
  });
  if (rotating.data) {
    return <SecretShown title={t("rotate.made")} text={rotating.data.secret} onClose={onClose} />;
  }
  return (
    <Modal
      open
      title={t("act.rotate")}
      okText={t("act.rotate")}
      cancelText={t("cancel")}
      okButtonProps={{ loading: rotating.isPending }}
      onOk={() => rotating.mutate()}
      onCancel={onClose}
    >
      <p>{t("rotate.text")}</p>
      <label htmlFor={id}>{t("rotate.overlap")}</label>
      <div>
        <InputNumber id={id} min={0} max={720} precision={0} value={hours} onChange={(value) => setHours(value ?? 0)} />
      </div>
      {rotating.error && <ProblemNote problem={fromThrown(rotating.error)} />}
    </Modal>
  );
}
