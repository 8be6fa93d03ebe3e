import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { ConfirmStep } from "./ConfirmStep";
import { MappingStep } from "./MappingStep";
import { type Choices, useWish } from "./wish";

type Props = {
  file: string;
  choices: Choices;
  confirming: boolean;
  onStep: (step: "mapping" | "confirm") => void;
  onOther: () => void;
};

/** A file that was sent: looked at as often as something is said about it, then confirmed. */
export function SentFile({ file, choices, confirming, onStep, onOther }: Props) {
  const { t } = useTranslation("orders");
  const [wish, change] = useWish(file);
  const seen = useQuery({
    queryKey: ["orders", "preview", file, wish],
    queryFn: ({ signal }) =>
      answer(api.POST("/v1/imports/files/{file}/preview", { params: { path: { file } }, body: wish, signal })),
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
  });
  if (seen.error) {
    return (
      <>
        <Failed problem={fromThrown(seen.error)} onRetry={() => void seen.refetch()} />
        <p>
          <Button onClick={onOther}>{t("file.other")}</Button>
        </p>
      </>
    );
  }
  if (seen.data === undefined) {
    return <Loading rows={10} />;
  }
  return confirming ? (
    <ConfirmStep preview={seen.data} wish={wish} choices={choices} onBack={() => onStep("mapping")} />
  ) : (
    <MappingStep
      preview={seen.data}
      wish={wish}
      choices={choices}
      looking={seen.isFetching}
      onChange={change}
      onNext={() => onStep("confirm")}
      onOther={onOther}
    />
  );
}
