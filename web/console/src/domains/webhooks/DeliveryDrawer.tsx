import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { useMay } from "@regulars/shared/session/session";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { useTranslation } from "react-i18next";
import { Attempts } from "./Attempts";
import { DeliveryState } from "./DeliveryState";
import type { Endpoint } from "./webhooks";

type Props = { endpoint: Endpoint; message: string; onClose: () => void };

/** One message whole: what was sent, and what came back each time. */
export function DeliveryDrawer({ endpoint, message, onClose }: Props) {
  const { t } = useTranslation("webhooks");
  const may = useMay();
  const client = useQueryClient();
  const params = { path: { endpoint: endpoint.id, message } };
  const query = useQuery({
    queryKey: ["webhooks", "delivery", endpoint.id, message],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/webhooks/endpoints/{endpoint}/deliveries/{message}", { params, signal })),
    enabled: message !== "",
  });
  const replaying = useMutation({
    mutationFn: () => answer(api.POST("/v1/webhooks/endpoints/{endpoint}/deliveries/{message}/replay", { params })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["webhooks"] }),
  });
  const found = query.data;
  const again = may("webhooks.write") && found && found.delivery.state !== "waiting" && (
    <Button disabled={!endpoint.enabled} loading={replaying.isPending} onClick={() => replaying.mutate()}>
      {t("act.replay")}
    </Button>
  );
  return (
    <Drawer
      open={message !== ""}
      onClose={onClose}
      size={620}
      title={found?.delivery.type ?? ""}
      extra={again}
      destroyOnHidden
    >
      {query.error && <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />}
      {!found && !query.error && <Loading />}
      {replaying.error && <ProblemNote problem={fromThrown(replaying.error)} />}
      {found && (
        <>
          <p>
            <DeliveryState state={found.delivery.state} /> <code>{found.delivery.message}</code>
          </p>
          <h3>{t("log.body")}</h3>
          <pre className="webhooks-text">{pretty(found.body)}</pre>
          <h3>{t("log.attempts")}</h3>
          <Attempts attempts={found.attempts} />
        </>
      )}
    </Drawer>
  );
}

function pretty(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2);
}
