import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { count } from "@regulars/shared/format/numbers";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input } from "antd";
import { type FormEvent, useDeferredValue, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { CodesFile, type TakenFile } from "./CodesFile";
import { CodesRead } from "./CodesRead";
import { MOST, readCodes, type Uploaded } from "./codes";

/** More codes for a pool, pasted or from a file: counted and checked here before they are sent, then sealed and shown nowhere. */
export function UploadCodes({ pool }: { pool: string }) {
  const { t } = useTranslation("goods");
  const id = useId();
  const [typed, setTyped] = useState("");
  const [file, setFile] = useState<TakenFile | null>(null);
  const [missing, setMissing] = useState(false);
  const given = useDeferredValue(file ?? { text: typed, documents: false });
  const read = useMemo(() => readCodes(given.text, given.documents), [given]);
  const sending = useSending(pool, () => {
    setTyped("");
    setFile(null);
  });
  const change = (next: () => void) => {
    setMissing(false);
    sending.reset();
    next();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(read.codes === 0 && read.faulty === 0);
    if (read.codes > 0 && read.codes <= MOST && read.faulty === 0) {
      sending.mutate(file ?? { text: typed, documents: false });
    }
  };
  return (
    <form className="goods-move" onSubmit={submit}>
      {file === null && (
        <div className="goods-field">
          <label htmlFor={id}>{t("codes.paste")}</label>
          <Input.TextArea
            id={id}
            className="goods-codes"
            value={typed}
            autoSize={{ minRows: 3, maxRows: 10 }}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={missing || read.faulty > 0}
            onChange={(event) => change(() => setTyped(event.target.value))}
          />
        </div>
      )}
      <CodesFile file={file} onTake={(next) => change(() => setFile(next))} />
      {missing && (
        <span role="alert" className="field-fault">
          {t("codes.missing")}
        </span>
      )}
      <CodesRead read={read} />
      {sending.error && <ProblemNote problem={fromThrown(sending.error)} />}
      <div role="status">{sending.data && <Came upload={sending.data} />}</div>
      <span className="goods-acts">
        <Button type="primary" htmlType="submit" loading={sending.isPending}>
          {read.codes > 0 ? t("codes.send", { count: read.codes, shown: count(read.codes) }) : t("codes.add")}
        </Button>
      </span>
    </form>
  );
}

function Came({ upload: { state, wanted, added, known } }: { upload: Uploaded }) {
  const { t } = useTranslation("goods");
  return state === "adding" ? (
    <Alert type="info" showIcon title={t("codes.coming", { count: wanted, shown: count(wanted) })} />
  ) : (
    <Alert
      type="success"
      showIcon
      title={t("codes.came", { count: added, shown: count(added) })}
      description={known > 0 && t("codes.known", { count: known, shown: count(known) })}
    />
  );
}

function useSending(pool: string, onSent: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ text, documents }: { text: string; documents: boolean }) =>
      answer(
        api.POST("/v1/reward-codes/{pool}/batches", {
          params: { path: { pool } },
          headers: { "content-type": documents ? "application/x-ndjson" : "text/plain" },
          body: text,
          // A text goes as it is; as JSON it would arrive in quotes.
          bodySerializer: (body) => body,
        }),
      ),
    onSuccess: () => {
      onSent();
      return client.invalidateQueries({ queryKey: ["goods"] });
    },
    gcTime: 0,
  });
}
