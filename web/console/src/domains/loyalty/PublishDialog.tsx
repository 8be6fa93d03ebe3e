import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { programmeZone } from "@regulars/shared/format/dates";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Input, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ChangeList } from "./ChangeList";
import { useDifferences } from "./CompareTab";
import { useFocusBack } from "./useFocusBack";
import { fromWall, toWall } from "./wall";

type Props = {
  version: number;
  kind: "publish" | "rollBack";
  inForce: number | undefined;
  onDone: (said: string) => void;
  onClose: () => void;
};

const SOON_MS = 3_600_000;

/** Asks before a version takes effect, now or later, and shows in words what will be different from what is in force. */
export function PublishDialog({ version, kind, inForce, onDone, onClose }: Props) {
  const { t } = useTranslation("programme");
  useFocusBack();
  const client = useQueryClient();
  const [later, setLater] = useState(false);
  const [wall, setWall] = useState(() => toWall(Date.now() + SOON_MS));
  const differences = useDifferences({ before: inForce ?? version, after: version });
  const doing = useMutation({
    mutationFn: () => {
      const request = { params: { path: { version } }, body: { at: later ? fromWall(wall) : null } };
      return answer(
        kind === "publish"
          ? api.POST("/v1/programme/versions/{version}/publish", request)
          : api.POST("/v1/programme/versions/{version}/roll-back", request),
      );
    },
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["programme"] });
      onDone(later ? t("publish.scheduled", { version: made.version }) : t("publish.done", { version: made.version }));
    },
  });
  return (
    <ConfirmImpact
      open
      title={t(`${kind}.title`, { version })}
      confirm={later ? t("publish.schedule") : t(`${kind}.confirm`)}
      busy={doing.isPending}
      problem={doing.error ? fromThrown(doing.error) : null}
      onConfirm={() => doing.mutate()}
      onCancel={onClose}
    >
      <p>{t(`${kind}.text`)}</p>
      <fieldset className="loyalty-when">
        <legend>{t("publish.when")}</legend>
        <Radio.Group
          value={later}
          onChange={(event) => setLater(event.target.value === true)}
          options={[
            { value: false, label: t("publish.now") },
            { value: true, label: t("publish.later") },
          ]}
        />
        {later && (
          <label className="loyalty-field" htmlFor="publish-at">
            <span>{t("publish.at", { zone: programmeZone() })}</span>
            <Input
              id="publish-at"
              type="datetime-local"
              value={wall}
              onChange={(event) => setWall(event.target.value)}
            />
          </label>
        )}
      </fieldset>
      <h3 className="loyalty-sub">{t("publish.changes")}</h3>
      {differences.error && <ProblemNote problem={fromThrown(differences.error)} />}
      {differences.data ? <ChangeList changes={differences.data.items} /> : !differences.error && <Loading rows={3} />}
    </ConfirmImpact>
  );
}
