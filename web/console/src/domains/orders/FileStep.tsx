import { InboxOutlined } from "@ant-design/icons";
import { fromThrown } from "@regulars/shared/api/problem";
import { Panel } from "@regulars/shared/desk/Page";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useSession } from "@regulars/shared/session/session";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Progress } from "antd";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { StepBody } from "./StepBody";
import { fileSize } from "./size";
import { type Sent, sendFile } from "./upload";
import type { Choices } from "./wish";

const ACCEPT = ".csv,.tsv,.txt,.xlsx,.ndjson,.jsonl,.parquet,.gz";

/** A file is chosen or dropped, and sent with its progress shown. Leaving the page gives it up. */
export function FileStep({ choices, onSent }: { choices: Choices; onSent: (file: string) => void }) {
  const { t } = useTranslation("orders");
  const [refused, setRefused] = useState<string | null>(null);
  const { file, sent, problem, send, cancel, sending } = useSending((made) => onSent(made.id));
  const take = (chosen: File | undefined) => {
    if (!chosen || sending) {
      return;
    }
    // Said before gigabytes are sent in vain; the server would refuse them in the end.
    const wrong =
      chosen.size > choices.most_bytes
        ? t("file.tooLarge", { name: chosen.name, size: fileSize(chosen.size), most: fileSize(choices.most_bytes) })
        : chosen.size === 0
          ? t("file.empty", { name: chosen.name })
          : null;
    setRefused(wrong);
    if (wrong === null) {
      send(chosen);
    }
  };
  return (
    <StepBody label={t("step.file")}>
      <Panel>
        {sending && file ? (
          <Sending file={file} sent={sent} onCancel={cancel} />
        ) : (
          <Drop most={choices.most_bytes} onFile={take} />
        )}
        <p className="quiet orders-keep">{t("file.keep", { count: choices.keep_days })}</p>
      </Panel>
      {refused && <Alert type="error" showIcon role="alert" title={refused} />}
      {problem && !refused && (
        <ProblemNote problem={problem} {...(file && problem.passes ? { onRetry: () => send(file) } : {})} />
      )}
    </StepBody>
  );
}

function useSending(onSent: (sent: Sent) => void) {
  const { csrf_token: csrf } = useSession();
  const [sent, setProgress] = useState(0);
  const stop = useRef(new AbortController());
  const sending = useMutation({
    mutationFn: (file: File) => {
      stop.current = new AbortController();
      setProgress(0);
      return sendFile(file, { csrf, signal: stop.current.signal, onProgress: setProgress });
    },
    onSuccess: onSent,
  });
  useEffect(() => () => stop.current.abort(), []);
  useEffect(() => {
    if (!sending.isPending) {
      return;
    }
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [sending.isPending]);
  const gaveUp = sending.error instanceof DOMException && sending.error.name === "AbortError";
  return {
    file: sending.variables,
    sent,
    problem: sending.error && !gaveUp ? fromThrown(sending.error) : null,
    send: sending.mutate,
    cancel: () => stop.current.abort(),
    sending: sending.isPending,
  };
}

function Drop({ most, onFile }: { most: number; onFile: (file: File | undefined) => void }) {
  const { t } = useTranslation("orders");
  const [over, setOver] = useState(false);
  const drag = (event: DragEvent, inside: boolean) => {
    event.preventDefault();
    setOver(inside);
  };
  return (
    <label
      className={over ? "orders-drop over" : "orders-drop"}
      onDragOver={(event) => drag(event, true)}
      onDragLeave={(event) => drag(event, false)}
      onDrop={(event) => {
        drag(event, false);
        onFile(event.dataTransfer.files[0]);
      }}
    >
      <input
        type="file"
        accept={ACCEPT}
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          // The same file may be chosen again after it was corrected.
          event.target.value = "";
        }}
      />
      <InboxOutlined aria-hidden="true" />
      <strong>{t("file.choose")}</strong>
      <span className="quiet">{t("file.kinds", { most: fileSize(most) })}</span>
    </label>
  );
}

function Sending({ file, sent, onCancel }: { file: File; sent: number; onCancel: () => void }) {
  const { t } = useTranslation("orders");
  const all = sent >= file.size;
  return (
    <div className="orders-sending">
      <div className="job-head">
        <strong>{file.name}</strong>
        <span className="job-actions">
          <Button danger onClick={onCancel}>
            {t("file.cancel")}
          </Button>
        </span>
      </div>
      <Progress
        percent={Math.floor(Math.min(1, sent / file.size) * 100)}
        status="active"
        aria-label={t("file.sending", { name: file.name })}
      />
      <p className="quiet num" role="status">
        {all ? t("file.checking") : t("file.sent", { sent: fileSize(sent), size: fileSize(file.size) })}
      </p>
    </div>
  );
}
