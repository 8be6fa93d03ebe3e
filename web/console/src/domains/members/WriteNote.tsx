import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

/** A place to write something down about the member; kept as it is when it could not be sent. */
export function WriteNote({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const id = useId();
  const [text, setText] = useState("");
  const client = useQueryClient();
  const adding = useMutation({
    mutationFn: () => answer(api.POST("/v1/members/{member}/notes", { params: { path: { member } }, body: { text } })),
    onSuccess: () => {
      setText("");
      return Promise.all(
        ["notes", "timeline"].map((name) => client.invalidateQueries({ queryKey: ["members", name, member] })),
      );
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
