import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { Failed, NeverAny } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { ago, instant } from "@regulars/shared/format/dates";
import { useMay } from "@regulars/shared/session/session";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

/** What staff wrote about the member, and a place to write. */
export function NotesTab({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const may = useMay();
  const params = { path: { member } };
  const query = useQuery({
    queryKey: ["members", "notes", member],
    queryFn: ({ signal }) => answer(api.GET("/v1/members/{member}/notes", { params, signal })),
  });
  if (query.error) {
    return <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return <Loading />;
  }
  return (
    <div className="notes">
      {may("members.write") && <WriteNote member={member} />}
      {query.data.items.length === 0 && <NeverAny text={t("notes.never")} />}
      {query.data.items.map((note) => (
        <article key={note.id} className="note">
          <p>{note.text}</p>
          <footer className="quiet">
            {note.author} · <time title={instant(note.at)}>{ago(note.at)}</time>
          </footer>
        </article>
      ))}
    </div>
  );
}

function WriteNote({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const id = useId();
  const [text, setText] = useState("");
  const client = useQueryClient();
  const adding = useMutation({
    mutationFn: () => answer(api.POST("/v1/members/{member}/notes", { params: { path: { member } }, body: { text } })),
    onSuccess: () => {
      setText("");
      return client.invalidateQueries({ queryKey: ["members", "notes", member] });
    },
  });
  return (
    <form
      className="write-note"
      onSubmit={(event) => {
        event.preventDefault();
        adding.mutate();
      }}
    >
      <label htmlFor={id}>{t("notes.write")}</label>
      <Input.TextArea
        id={id}
        value={text}
        maxLength={4000}
        autoSize={{ minRows: 2, maxRows: 8 }}
        onChange={(event) => setText(event.target.value)}
      />
      {adding.error && <ProblemNote problem={fromThrown(adding.error)} />}
      <Button type="primary" htmlType="submit" disabled={text.trim() === ""} loading={adding.isPending}>
        {t("notes.add")}
      </Button>
    </form>
  );
}
