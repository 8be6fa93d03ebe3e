import { EyeInvisibleOutlined, EyeOutlined } from "@ant-design/icons";
import { type Answer, answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { useMutation } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";

type Details = Answer<"/v1/members/{member}/reveal", "post">;
type Revealed = {
  details: Details | null;
  ask: (reason: string) => void;
  hide: () => void;
  busy: boolean;
  error: unknown;
};

const SHOWN_MS = 2 * 60_000;

/** The details in full, once a reason was given: kept in no cache, and covered again after two minutes. */
export function useRevealed(member: string): Revealed {
  const [details, setDetails] = useState<Details | null>(null);
  const asking = useMutation({
    mutationFn: (reason: string) =>
      answer(api.POST("/v1/members/{member}/reveal", { params: { path: { member } }, body: { reason } })),
    onSuccess: setDetails,
    gcTime: 0,
  });
  useEffect(() => {
    if (details === null) {
      return;
    }
    const timer = setTimeout(() => setDetails(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [details]);
  const hide = () => {
    setDetails(null);
    asking.reset();
  };
  return { details, ask: asking.mutate, hide, busy: asking.isPending, error: asking.error };
}

/** Asks why somebody needs the details in full; who looked, and why, goes into the audit log. */
export function Reveal({ name, revealed }: { name: string; revealed: Revealed }) {
  const { t } = useTranslation("members");
  const id = useId();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const shown = revealed.details !== null;
  useEffect(() => {
    if (shown) {
      setOpen(false);
      setReason("");
    }
  }, [shown]);
  if (shown) {
    return (
      <Button size="small" type="text" icon={<EyeInvisibleOutlined />} onClick={revealed.hide}>
        {t("reveal.hide")}
      </Button>
    );
  }
  return (
    <>
      <Button size="small" type="text" icon={<EyeOutlined />} onClick={() => setOpen(true)}>
        {t("reveal.show")}
      </Button>
      <ConfirmImpact
        open={open}
        title={t("reveal.title", { name })}
        confirm={t("reveal.show")}
        busy={revealed.busy}
        problem={revealed.error ? fromThrown(revealed.error) : null}
        onCancel={() => setOpen(false)}
        onConfirm={() => {
          setMissing(reason.trim() === "");
          if (reason.trim() !== "") {
            revealed.ask(reason.trim());
          }
        }}
      >
        <p>{t("reveal.text")}</p>
        <div className="members-form">
          <label htmlFor={id}>{t("reveal.reason")}</label>
          <Input
            id={id}
            autoFocus
            value={reason}
            maxLength={500}
            placeholder={t("reveal.example")}
            aria-invalid={missing}
            onChange={(event) => setReason(event.target.value)}
          />
          {missing && (
            <span role="alert" className="field-fault">
              {t("reveal.missing")}
            </span>
          )}
        </div>
      </ConfirmImpact>
    </>
  );
}
