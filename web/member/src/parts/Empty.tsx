import type { ReactNode } from "react";

/** Where nothing is: what would stand here, and what to do about it. */
export function Empty({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <span className="empty-mark" aria-hidden="true" />
      <p className="empty-title">{title}</p>
      {text && <p className="quiet">{text}</p>}
      {children}
    </div>
  );
}
