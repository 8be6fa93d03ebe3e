import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DeleteEndpoint } from "./DeleteEndpoint";
import { EndpointForm } from "./EndpointForm";
import { ReplayFailed } from "./ReplayFailed";
import { RotateSecret } from "./RotateSecret";
import type { Endpoint } from "./webhooks";

type Open = "change" | "rotate" | "replay" | "delete" | null;

/** What can be done with an endpoint. */
export function EndpointActions({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation("webhooks");
  const [open, setOpen] = useState<Open>(null);
  const client = useQueryClient();
  const params = { params: { path: { endpoint: endpoint.id } } };
  const onSuccess = () => client.invalidateQueries({ queryKey: ["webhooks"] });
  const testing = useMutation({
    mutationFn: () => answer(api.POST("/v1/webhooks/endpoints/{endpoint}/test", params)),
    onSuccess,
  });
  const switching = useMutation({
    mutationFn: () =>
      endpoint.enabled
        ? answer(api.POST("/v1/webhooks/endpoints/{endpoint}/disable", params))
        : answer(api.POST("/v1/webhooks/endpoints/{endpoint}/enable", params)),
    onSuccess,
  });
  const failed = testing.error ?? switching.error;
  const close = () => setOpen(null);
  return (
    <>
      <Button type="primary" disabled={!endpoint.enabled} loading={testing.isPending} onClick={() => testing.mutate()}>
        {t("act.test")}
      </Button>
      <Button disabled={!endpoint.enabled} onClick={() => setOpen("replay")}>
        {t("act.replayFailed")}
      </Button>
      <Button onClick={() => setOpen("change")}>{t("act.change")}</Button>
      <Button onClick={() => setOpen("rotate")}>{t("act.rotate")}</Button>
      <Button loading={switching.isPending} onClick={() => switching.mutate()}>
        {endpoint.enabled ? t("act.disable") : t("act.enable")}
      </Button>
      <Button danger onClick={() => setOpen("delete")}>
        {t("act.delete")}
      </Button>
      {failed && <ProblemNote problem={fromThrown(failed)} />}
      {open === "change" && <EndpointForm endpoint={endpoint} onClose={close} />}
      {open === "rotate" && <RotateSecret endpoint={endpoint} onClose={close} />}
      {open === "replay" && <ReplayFailed endpoint={endpoint} onClose={close} />}
      {open === "delete" && <DeleteEndpoint endpoint={endpoint} onClose={close} />}
    </>
  );
}
