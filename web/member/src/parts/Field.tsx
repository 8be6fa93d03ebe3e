import { type InputHTMLAttributes, useId } from "react";

type Props = InputHTMLAttributes<HTMLInputElement> & { label: string; hint?: string; fault?: string | undefined };

/** A labelled input; `fault` says what is wrong with what was typed. */
export function Field({ label, hint, fault, ...input }: Props) {
  const id = useId();
  const note = fault ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input {...input} id={id} aria-invalid={Boolean(fault)} {...(note ? { "aria-describedby": `${id}-note` } : {})} />
      {note && (
        <p id={`${id}-note`} className={fault ? "fault" : "quiet"} {...(fault ? { role: "alert" } : {})}>
          {note}
        </p>
      )}
    </div>
  );
}
