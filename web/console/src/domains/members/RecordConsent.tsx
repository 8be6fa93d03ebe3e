import { type Answer, answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Radio, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { CHANNELS, PURPOSES, useTopics } from "./topics";

type Said = Answer<"/v1/members/{member}/consents", "get">["current"][number];
const FIRST = { purpose: "marketing", channel: "sms", granted: true, source: "", policy_version: "" };

/** Puts a yes or a no on record: on what and where, where it was said and which text was shown. */
export function RecordConsent({ member, current }: { member: string; current: readonly Said[] }) {
  const { t } = useTranslation("members");
  const { purpose, channel, topic } = useTopics();
  const id = useId();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(FIRST);
  const [missing, setMissing] = useState(false);
  const recording = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/members/{member}/consents", {
          params: { path: { member } },
          body: { ...typed, source: typed.source.trim(), policy_version: typed.policy_version.trim() },
        }),
      ),
    onSuccess: () => {
      setOpen(false);
      setTyped(FIRST);
      return Promise.all(
        ["consents", "card", "timeline"].map((name) =>
          client.invalidateQueries({ queryKey: ["members", name, member] }),
        ),
      );
    },
  });
  const before = current.find((one) => one.purpose === typed.purpose && one.channel === typed.channel);
  const change = (next: Partial<typeof FIRST>) => {
    setTyped({ ...typed, ...next });
    setMissing(false);
  };
  const yesOrNo = (granted: boolean) => t(granted ? "consents.yes" : "consents.no");
  return (
    <>
      <Button className="members-start" onClick={() => setOpen(true)}>
        {t("consents.record")}
      </Button>
      <ConfirmImpact
        open={open}
        title={t("consents.record")}
        confirm={t("consents.put")}
        busy={recording.isPending}
        problem={recording.error ? fromThrown(recording.error) : null}
        changes={[
          {
            label: topic(typed),
            before: before ? yesOrNo(before.granted) : t("consents.unsaid"),
            after: yesOrNo(typed.granted),
          },
        ]}
        onCancel={() => setOpen(false)}
        onConfirm={() => {
          const incomplete = typed.source.trim() === "" || typed.policy_version.trim() === "";
          setMissing(incomplete);
          if (!incomplete) {
            recording.mutate();
          }
        }}
      >
        <div className="members-form">
          <label htmlFor={`${id}-purpose`}>{t("consents.purpose")}</label>
          <Select
            id={`${id}-purpose`}
            value={typed.purpose}
            options={[...PURPOSES, "*"].map((value) => ({ value, label: purpose(value) }))}
            onChange={(value) => change({ purpose: value })}
          />
          <label htmlFor={`${id}-channel`}>{t("consents.channel")}</label>
          <Select
            id={`${id}-channel`}
            value={typed.channel}
            options={[...CHANNELS, "*"].map((value) => ({ value, label: channel(value) }))}
            onChange={(value) => change({ channel: value })}
          />
          <fieldset>
            <legend className="members-legend">{t("consents.answer")}</legend>
            <Radio.Group
              value={typed.granted}
              options={[true, false].map((value) => ({ value, label: yesOrNo(value) }))}
              onChange={(event) => change({ granted: event.target.value as boolean })}
            />
          </fieldset>
          <label htmlFor={`${id}-source`}>{t("consents.source")}</label>
          <Input
            id={`${id}-source`}
            value={typed.source}
            maxLength={64}
            placeholder={t("consents.sourceExample")}
            onChange={(event) => change({ source: event.target.value })}
          />
          <label htmlFor={`${id}-policy`}>{t("consents.policy")}</label>
          <Input
            id={`${id}-policy`}
            value={typed.policy_version}
            maxLength={100}
            placeholder={t("consents.policyExample")}
            onChange={(event) => change({ policy_version: event.target.value })}
          />
          {missing && (
            <span role="alert" className="field-fault">
              {t("consents.missing")}
            </span>
          )}
        </div>
      </ConfirmImpact>
    </>
  );
}
