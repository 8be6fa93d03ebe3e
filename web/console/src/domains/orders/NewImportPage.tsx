import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Page } from "@regulars/shared/desk/Page";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { useSearchValues } from "@regulars/shared/url/search";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { FileStep } from "./FileStep";
import { SentFile } from "./SentFile";
import { Steps } from "./Steps";
import "./orders.css";

/** A file becomes an import in three steps. Which file and which step stand in the address: loading the page again loses nothing. */
export default function NewImportPage() {
  const { t } = useTranslation("orders");
  const [{ file, step }, setAddress] = useSearchValues(["file", "step"]);
  const choices = useQuery({
    queryKey: ["orders", "choices"],
    queryFn: ({ signal }) => answer(api.GET("/v1/imports/choices", { signal })),
    staleTime: 10 * 60_000,
  });
  const at = file === undefined ? "file" : step === "confirm" ? "confirm" : "mapping";
  return (
    <Page title={t("new.title")} lead={t("new.lead")} back={<Link to="/imports">{t("list.title")}</Link>}>
      <Steps at={at} />
      {choices.error && <Failed problem={fromThrown(choices.error)} onRetry={() => void choices.refetch()} />}
      {choices.isPending && <Loading />}
      {choices.data &&
        (file === undefined ? (
          <FileStep choices={choices.data} onSent={(sent) => setAddress({ file: sent })} />
        ) : (
          <SentFile
            key={file}
            file={file}
            choices={choices.data}
            confirming={at === "confirm"}
            onStep={(next) => setAddress(next === "confirm" ? { file, step: next } : { file })}
            onOther={() => setAddress({})}
          />
        ))}
    </Page>
  );
}
