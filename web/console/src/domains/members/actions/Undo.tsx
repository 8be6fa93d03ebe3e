import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { App, Button, Input } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "./Fields";
import { useAct } from "./useAct";

type Props = {
  /** On the button and in the dialog: what is done. */
  action: string;
  /** What it is done to, for the button's name. */
  what: string;
  text: string;
  /** Whether somebody has to say why; left out: nobody is asked. */
  reason?: "needed" | "welcome";
  done: string;
  send: (reason: string, key: string) => Promise<unknown>;
};

/** A button that takes something back once, after asking; the same asked twice is done once. */
export function Undo({ action, what, text, reason, done, send }: Props) {
  const { t } = useTranslation("members");
  const { message } = App.useApp();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [missing, setMissing] = useState(false);
  const undoing = useAct(send, () => {
    setOpen(false);
    void message.success(done);
  });
  const confirm = () => {
    const wanted = reason === "needed" && typed.trim() === "";
    setMissing(wanted);
    if (!wanted) {
      undoing.mutate(typed.trim());
    }
  };
  return (
    <>
      <Button ref={button} size="small" aria-label={`${action}: ${what}`} onClick={() => setOpen(true)}>
        {action}
      </Button>
      <ConfirmImpact
        open={open}
        danger
        title={`${action}: ${what}`}
        confirm={action}
        busy={undoing.isPending}
        problem={undoing.error ? fromThrown(undoing.error) : null}
        onCancel={() => {
          setOpen(false);
          undoing.reset();
        }}
        onConfirm={confirm}
      >
        <p>{text}</p>
        {reason && (
          <div className="members-form">
            <Field
              label={t(reason === "needed" ? "act.reason" : "act.reasonWelcome")}
              fault={missing ? t("adjust.reasonMissing") : undefined}
            >
              {(id) => (
                <Input
                  id={id}
                  value={typed}
                  maxLength={300}
                  aria-invalid={missing}
                  onChange={(event) => {
                    setTyped(event.target.value);
                    setMissing(false);
                  }}
                />
              )}
            </Field>
          </div>
        )}
      </ConfirmImpact>
    </>
  );
}
