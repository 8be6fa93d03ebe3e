import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useMay } from "@regulars/shared/session/session";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { setDraft } from "../draft";
import { PublishDialog } from "../PublishDialog";
import type { Table } from "./useTable";

/** Faults that the form of the ladders shows itself. */
const HERE = /^(ladder\b|ladders\[|benefits\[\d+\]\.tiers)/;

/** Keeps what was changed as a draft, and publishes a draft. What is wrong elsewhere in the document leads to where it can be mended. */
export function SavePanel({ table, here = HERE }: { table: Table; here?: RegExp }) {
  const { t } = useTranslation(["tiers", "programme"]);
  const may = useMay();
  const [note, setNote] = useState("");
  const [publishing, setPublishing] = useState<number | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: () => answer(api.POST("/v1/programme/versions", { body: { document: table.text, note } })),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["programme", "versions"] });
      setDraft(null);
      table.setBase(String(made.version));
      setNote("");
      setDone(t("programme:draft.saved", { version: made.version }));
    },
  });
  const publishable = may("programme.publish") && table.began?.state === "draft" && !table.changed;
  return (
    <section className="tiers-save" aria-label={t("save.title")}>
      <Check table={table} here={here} />
      {done && !table.changed && <Alert type="success" showIcon role="status" title={done} />}
      {saving.error && <ProblemNote problem={fromThrown(saving.error)} />}
      <form
        className="loyalty-row"
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <label className="loyalty-field tiers-note" htmlFor="tiers-note">
          <span>{t("programme:draft.note")}</span>
          <Input id="tiers-note" value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} />
        </label>
        <Button
          type={publishable ? "default" : "primary"}
          htmlType="submit"
          disabled={!table.changed || !table.check.valid}
          loading={saving.isPending}
        >
          {t("programme:draft.save")}
        </Button>
        {publishable && (
          <Button type="primary" onClick={() => setPublishing(table.began?.version ?? null)}>
            {t("programme:publish.open")}
          </Button>
        )}
        {table.changed && (
          <Button type="link" onClick={() => setDraft(null)}>
            {t("programme:draft.discard")}
          </Button>
        )}
      </form>
      {publishing !== null && (
        <PublishDialog
          version={publishing}
          kind="publish"
          inForce={table.inForce?.version}
          onDone={(said) => {
            setDone(said);
            setPublishing(null);
          }}
          onClose={() => setPublishing(null)}
        />
      )}
    </section>
  );
}

function Check({ table, here }: { table: Table; here: RegExp }) {
  const { t } = useTranslation(["tiers", "programme"]);
  const { check } = table;
  const elsewhere = check.faults.filter((fault) => !here.test(fault.field));
  return (
    <div role="status">
      {check.problem && <ProblemNote problem={check.problem} />}
      {check.valid ? (
        <p className="loyalty-valid">{t("programme:check.valid")}</p>
      ) : check.faults.length > 0 ? (
        <p className="bad">{t("programme:check.faults", { count: check.faults.length })}</p>
      ) : (
        check.checking && <p className="quiet">{t("programme:check.running")}</p>
      )}
      {elsewhere.length > 0 && (
        <ul className="loyalty-faults">
          {elsewhere.map((fault) => (
            <li key={`${fault.field} ${fault.expected}`}>
              <p>
                <code>{fault.field}</code> {t("fault", { expected: fault.expected })}{" "}
                <Link to={`?tab=document&base=${table.began?.version ?? ""}&at=${encodeURIComponent(fault.field)}`}>
                  {t("save.toDocument")}
                </Link>
              </p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
