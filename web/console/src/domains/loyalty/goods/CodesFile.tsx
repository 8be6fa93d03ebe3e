import { FileTextOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { textOf } from "./codes";

export type TakenFile = { name: string; text: string; documents: boolean };
const MOST_BYTES = 64_000_000;

type Props = { file: TakenFile | null; onTake: (file: TakenFile | null) => void };

/** A file of codes, chosen or dropped; read here and sent only later. One that is no text is refused by its name. */
export function CodesFile({ file, onTake }: Props) {
  const { t } = useTranslation("goods");
  const [refused, setRefused] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const take = async (chosen: File | undefined) => {
    if (chosen === undefined) {
      return;
    }
    const text = chosen.size <= MOST_BYTES ? await textOf(chosen) : null;
    setRefused(text === null ? t("codes.notText", { name: chosen.name }) : null);
    if (text !== null) {
      onTake({ name: chosen.name, text, documents: /\.(ndjson|jsonl)$/i.test(chosen.name) });
    }
  };
  const drag = (event: DragEvent, inside: boolean) => {
    event.preventDefault();
    setOver(inside);
  };
  if (file !== null) {
    return (
      <p className="goods-acts">
        <FileTextOutlined aria-hidden="true" /> <strong>{file.name}</strong>
        <Button size="small" onClick={() => onTake(null)}>
          {t("codes.otherFile")}
        </Button>
      </p>
    );
  }
  return (
    <>
      <label
        className={over ? "goods-file over" : "goods-file"}
        onDragOver={(event) => drag(event, true)}
        onDragLeave={(event) => drag(event, false)}
        onDrop={(event) => {
          drag(event, false);
          void take(event.dataTransfer.files[0]);
        }}
      >
        <input
          type="file"
          accept=".txt,.csv,.ndjson,.jsonl"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            // The same file may be chosen again after it was corrected.
            event.target.value = "";
          }}
        />
        <FileTextOutlined aria-hidden="true" /> <span>{t("codes.file")}</span>
      </label>
      {refused !== null && (
        <span role="alert" className="field-fault">
          {refused}
        </span>
      )}
    </>
  );
}
