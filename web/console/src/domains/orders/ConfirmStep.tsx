import { answer, api } from "@regulars/shared/api/client";
import { fromThrown, type Problem } from "@regulars/shared/api/problem";
import { Panel } from "@regulars/shared/desk/Page";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { said } from "@regulars/shared/session/plan";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { Findings } from "./Findings";
import { StepBody } from "./StepBody";
import { fileSize } from "./size";
import type { Choices, Preview, Wish } from "./wish";

type Props = { preview: Preview; wish: Wish; choices: Choices; onBack: () => void };

/** Everything that was said about the file, once more, and the button that starts the import. */
export function ConfirmStep({ preview, wish, choices, onBack }: Props) {
  const { t } = useTranslation("orders");
  const navigate = useNavigate();
  const client = useQueryClient();
  const starting = useMutation({
    mutationFn: () => answer(api.POST("/v1/imports", { body: { ...wish, file: preview.file.id } })),
    onSuccess: (one) => {
      client.setQueryData(["orders", "import", one.id], one);
      void client.invalidateQueries({ queryKey: ["orders", "imports"] });
      // In place of this page: going back must not lead to a second start.
      void navigate(`/imports/${one.id}`, { replace: true });
    },
  });
  return (
    <StepBody label={t("step.confirm")}>
      <div className="orders-confirm">
        <Panel title={t("confirm.title")}>
          <Summary preview={preview} choices={choices} />
          <p className="quiet">{t("confirm.text")}</p>
        </Panel>
        <Findings preview={preview} choices={choices} />
      </div>
      {starting.error && <Refused problem={fromThrown(starting.error)} />}
      <div className="orders-ways">
        <Button type="primary" disabled={!preview.ready} loading={starting.isPending} onClick={() => starting.mutate()}>
          {t("confirm.start")}
        </Button>
        <Button onClick={onBack}>{t("new.back")}</Button>
      </div>
    </StepBody>
  );
}

function Summary({ preview, choices }: { preview: Preview; choices: Choices }) {
  const { t } = useTranslation("orders");
  const { profile } = preview;
  const columns = preview.columns.flatMap((column) => {
    const field = choices.fields.find((one) => one.field === column.field);
    return field ? [`${said(field)} ← ${column.name}`] : [];
  });
  const facts = [
    [t("field.file"), `${preview.file.name} (${fileSize(preview.file.size)})`],
    [t("mapping.title"), columns.join(", ")],
    [t("field.zone"), profile.zone],
    [t("field.currency"), profile.currency],
    [t("field.source"), profile.source],
    [t("option.dates"), example(choices, profile.date_format)],
    [t("option.numbers"), profile.numbers],
    [t("option.repeats"), profile.drop_repeats ? t("option.repeatsDropped") : t("option.repeatsKept")],
  ] as const;
  return (
    <dl className="facts orders-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function example(choices: Choices, form: string): string {
  return choices.date_formats.find((one) => one.form === form)?.example ?? form;
}

/** Why it was not started; when the file is being imported already, the way to that import. */
function Refused({ problem }: { problem: Problem }) {
  const { t } = useTranslation("orders");
  const run = problem.data.run;
  return (
    <>
      <ProblemNote problem={problem} />
      {typeof run === "string" && (
        <p>
          <Link to={`/imports/${run}`}>{t("confirm.underWay")}</Link>
        </p>
      )}
    </>
  );
}
