import { type Answer, answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { longDay } from "@regulars/shared/format/dates";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMine } from "../../mine/mine";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { Switch } from "../../parts/Switch";

type Purpose = Answer<"/m/v1/me/consents", "get">["items"][number];

/** Each question in plain words, with a switch a channel and the day of what was said. */
export default function ConsentsPage() {
  const { t } = useTranslation("members");
  const consents = useMine("consents", (signal) => answer(api.GET("/m/v1/me/consents", { signal })));
  return (
    <Page title={t("consents.title")} back="/me">
      <p className="quiet">{t("consents.lead")}</p>
      <Loaded query={consents} shape={[320, 320]}>
        {(data) => data.items.map((purpose) => <Question key={purpose.purpose} purpose={purpose} />)}
      </Loaded>
    </Page>
  );
}

function Question({ purpose }: { purpose: Purpose }) {
  const { t } = useTranslation("members");
  const client = useQueryClient();
  const saying = useMutation({
    mutationFn: (said: { channel: string; granted: boolean }) =>
      answer(api.PUT("/m/v1/me/consents", { body: { consents: [{ purpose: purpose.purpose, ...said }] } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["me"] }),
  });
  const noted = (cell: Purpose["channels"][number]) => {
    if (cell.said_at === null) {
      return t("consents.never");
    }
    const day = longDay(cell.said_at);
    return cell.granted ? t("consents.yes", { day }) : t("consents.no", { day });
  };
  return (
    <section className="surface">
      <h2>{purpose.title}</h2>
      <p className="consent-words">{purpose.words}</p>
      {purpose.channels.map((cell) => (
        <Switch
          key={cell.channel}
          label={cell.label}
          note={noted(cell)}
          on={cell.granted}
          busy={saying.isPending && saying.variables.channel === cell.channel}
          onChange={(granted) => saying.mutate({ channel: cell.channel, granted })}
        />
      ))}
      {saying.isError && <ProblemNote problem={fromThrown(saying.error)} />}
    </section>
  );
}
