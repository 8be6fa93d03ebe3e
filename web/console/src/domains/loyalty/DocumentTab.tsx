import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useMay } from "@regulars/shared/session/session";
import { useSearchValue } from "@regulars/shared/url/search";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ChangeList } from "./ChangeList";
import { CheckNote } from "./CheckNote";
import { useDifferences } from "./CompareTab";
import { setDraft, useDraft } from "./draft";
import { Editor } from "./Editor";
import { LeaveGuard } from "./LeaveGuard";
import { PublishDialog } from "./PublishDialog";
import { useArrival } from "./useArrival";
import { useCheck } from "./useCheck";
import { useStandings, type Version } from "./versions";

/** How many lines are to be seen above the one that is gone to. */
const LINES_ABOVE = 3;

/** The document as YAML: checked while it is written, compared with what is in force, kept as a draft, published. */
export function DocumentTab({ versions }: { versions: readonly Version[] }) {
  const { t } = useTranslation("programme");
  const may = useMay();
  const draft = useDraft();
  const { inForce } = useStandings(versions);
  const [base, setBase] = useSearchValue("base", String((inForce ?? versions[0])?.version ?? "0"));
  const began = versions.find((version) => version.version === (draft?.base ?? Number(base)));
  const text = draft?.text ?? began?.document ?? "";
  const check = useCheck(text);
  const area = useRef<HTMLTextAreaElement>(null);
  const [note, setNote] = useState("");
  const [publishing, setPublishing] = useState<number | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: () => answer(api.POST("/v1/programme/versions", { body: { document: text, note } })),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["programme", "versions"] });
      setDraft(null);
      setBase(String(made.version));
      setNote("");
      setDone(t("draft.saved", { version: made.version }));
    },
  });
  const savable = draft !== null && check.valid && !saving.isPending;
  const goTo = (line: number) => {
    const lines = text.split("\n");
    const start = lines.slice(0, line).join("\n").length + (line > 0 ? 1 : 0);
    const editor = area.current;
    if (editor) {
      editor.focus();
      editor.setSelectionRange(start, start + (lines[line]?.length ?? 0));
      // A browser shows where one types, but not what is selected for one.
      editor.scrollTop = (editor.scrollHeight / lines.length) * Math.max(0, line - LINES_ABOVE);
    }
  };
  useArrival(text, goTo);
  const change = (next: string) => {
    setDone(null);
    setDraft(next === began?.document ? null : { text: next, base: began?.version ?? 0 });
  };
  return (
    <div className="loyalty-document">
      <LeaveGuard dirty={draft !== null} />
      <div>
        <div className="loyalty-row">
          <p className="quiet">
            {draft ? t("draft.unsaved", { version: draft.base }) : t("draft.shown", { version: began?.version ?? 0 })}
          </p>
          {draft && (
            <Button size="small" type="link" onClick={() => setDraft(null)}>
              {t("draft.discard")}
            </Button>
          )}
        </div>
        <Editor
          id="programme-document"
          label={t("draft.document")}
          value={text}
          onChange={change}
          wrong={new Set(check.faults.map((fault) => fault.line))}
          onSave={() => savable && saving.mutate()}
          area={area}
        />
      </div>
      <aside>
        <CheckNote check={check} onGo={goTo} />
        {done && <Alert type="success" showIcon role="status" title={done} />}
        <form
          className="loyalty-save"
          onSubmit={(event) => {
            event.preventDefault();
            saving.mutate();
          }}
        >
          <label className="loyalty-field" htmlFor="programme-note">
            <span>{t("draft.note")}</span>
            <Input id="programme-note" value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} />
          </label>
          {saving.error && <ProblemNote problem={fromThrown(saving.error)} />}
          <div className="loyalty-actions">
            <Button
              type={began?.state === "draft" && !draft ? "default" : "primary"}
              htmlType="submit"
              disabled={!savable}
              loading={saving.isPending}
            >
              {t("draft.save")}
            </Button>
            {may("programme.publish") && began?.state === "draft" && !draft && (
              <Button type="primary" onClick={() => setPublishing(began.version)}>
                {t("publish.open")}
              </Button>
            )}
            <Link to={draft ? "/try-order?version=unsaved" : `/try-order?version=${began?.version ?? ""}`}>
              {t("draft.try")}
            </Link>
          </div>
        </form>
        <h3 className="loyalty-sub">{t("publish.changes")}</h3>
        <Against inForce={inForce?.version} text={text} valid={check.valid} />
      </aside>
      {publishing !== null && (
        <PublishDialog
          version={publishing}
          kind="publish"
          inForce={inForce?.version}
          onDone={(said) => {
            setDone(said);
            setPublishing(null);
          }}
          onClose={() => setPublishing(null)}
        />
      )}
    </div>
  );
}

/** The document against the version in force. Not asked for while it is wrong: the check says that already. */
function Against({ inForce, text, valid }: { inForce: number | undefined; text: string; valid: boolean }) {
  const { t } = useTranslation("programme");
  const query = useDifferences({ before: inForce ?? 0, document: text }, valid && inForce !== undefined);
  if (inForce === undefined) {
    return <p className="quiet">{t("page.none")}</p>;
  }
  if (!valid || query.data === undefined) {
    return query.error ? (
      <ProblemNote problem={fromThrown(query.error)} />
    ) : (
      <p className="quiet">{t("check.whenValid")}</p>
    );
  }
  return <ChangeList changes={query.data.items} />;
}
