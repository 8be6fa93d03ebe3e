import type { ButtonHTMLAttributes } from "react";

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  kind?: "primary" | "soft" | "plain" | "danger";
  busy?: boolean;
};

/** A button of at least 44 px. While `busy` it says so and cannot be pressed again. */
export function Button({ kind = "primary", busy = false, type = "button", children, ...more }: Props) {
  return (
    <button {...more} type={type} className={`button ${kind}`} aria-busy={busy} disabled={busy || more.disabled}>
      {children}
    </button>
  );
}
