import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMine } from "../../mine/mine";
import { Button } from "../../parts/Button";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { CloseSheet } from "./CloseSheet";
import { saveJson } from "./saveJson";

/** Taking my data along, and leaving. */
export default function DataPage() {
  const { t } = useTranslation("privacy");
  return (
    <Page title={t("title")} back="/me">
      <Download />
      <Closing />
    </Page>
  );
}

function Download() {
  const { t } = useTranslation("privacy");
  const fetching = useMutation({
    mutationFn: () => answer(api.POST("/m/v1/me/export")),
    onSuccess: (data) => saveJson(data, t("download.file")),
  });
  return (
    <section className="surface stack">
      <h2>{t("download.title")}</h2>
      <p>{t("download.text")}</p>
      <Button kind="soft" busy={fetching.isPending} onClick={() => fetching.mutate()}>
        {t("download.do")}
      </Button>
      {fetching.isSuccess && <p role="status">{t("download.done")}</p>}
      {fetching.isError && <ProblemNote problem={fromThrown(fetching.error)} />}
    </section>
  );
}

function Closing() {
  const { t } = useTranslation("privacy");
  const closing = useMine("closing", (signal) => answer(api.GET("/m/v1/me/close", { signal })));
  return (
    <section className="surface stack">
      <h2>{t("close.title")}</h2>
      <Loaded query={closing} shape={[140]}>
        {(data) => (
          <>
            <p>{t("close.text")}</p>
            <ul className="losses">
              {data.lost.map((loss) => (
                <li key={loss.words}>{loss.words}</li>
              ))}
            </ul>
            <p className="quiet">{data.kept}</p>
            {data.code_to ? <CloseSheet to={data.code_to} /> : <p>{t("close.counter")}</p>}
          </>
        )}
      </Loaded>
    </section>
  );
}
