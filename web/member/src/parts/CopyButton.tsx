import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

/** Copies a text; says that it did. Nothing stands there where the browser cannot copy. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation("ui");
  const [copied, setCopied] = useState(false);
  if (!navigator.clipboard) {
    return null;
  }
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <>
      <Button kind="soft" onClick={() => void copy().catch(() => setCopied(false))}>
        {label}
      </Button>
      <span role="status" className="quiet">
        {copied && t("action.copied")}
      </span>
    </>
  );
}
