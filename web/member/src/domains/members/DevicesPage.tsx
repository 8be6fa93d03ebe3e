import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ago, instant, longDay } from "@regulars/shared/format/dates";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMine } from "../../mine/mine";
import { Button } from "../../parts/Button";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { Sheet } from "../../parts/Sheet";

type Device = Answer["items"][number];
type Answer = Awaited<ReturnType<typeof read>>;
const read = (signal: AbortSignal) => answer(api.GET("/m/v1/me/devices", { signal }));

/** Where I am signed in; each other device can be signed out. */
export default function DevicesPage() {
  const { t } = useTranslation("members");
  const devices = useMine("devices", read);
  return (
    <Page title={t("devices.title")} back="/me">
      <p className="quiet">{t("devices.lead")}</p>
      <Loaded query={devices} shape={[88, 88]}>
        {(data) => (
          <ul className="surface rows">
            {data.items.map((device) => (
              <One key={device.id} device={device} />
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

function One({ device }: { device: Device }) {
  const { t } = useTranslation("members");
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const name = device.name === "?" ? t("devices.unknown") : device.name;
  const ending = useMutation({
    mutationFn: () => answer(api.DELETE("/m/v1/me/devices/{device}", { params: { path: { device: device.id } } })),
    onSuccess: () => {
      setAsked(false);
      return client.invalidateQueries({ queryKey: ["me"] });
    },
  });
  return (
    <li className="row">
      <div className="row-words">
        <p>{name}</p>
        <p className="quiet">
          {t("devices.since", { day: longDay(device.signed_in_at) })} ·{" "}
          <time title={instant(device.seen_at)} dateTime={device.seen_at}>
            {t("devices.seen", { ago: ago(device.seen_at) })}
          </time>
        </p>
      </div>
      {device.current ? (
        <span className="badge">{t("devices.this")}</span>
      ) : (
        <Button kind="plain" aria-label={t("devices.endNamed", { name })} onClick={() => setAsked(true)}>
          {t("devices.end")}
        </Button>
      )}
      <Sheet open={asked} title={t("devices.endNamed", { name })} onClose={() => setAsked(false)}>
        <p>{t("devices.endText")}</p>
        {ending.isError && <ProblemNote problem={fromThrown(ending.error)} />}
        <Button kind="danger" busy={ending.isPending} onClick={() => ending.mutate()}>
          {t("devices.end")}
        </Button>
      </Sheet>
    </li>
  );
}
