import { type ReactNode, useEffect } from "react";

type Props = {
  title: string;
  /** A short line under the title: what this is, or the numbers that matter. */
  lead?: ReactNode;
  /** Above the title: where one came from. */
  back?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
};

/** A screen's frame: its title (also the browser tab's), its actions, its content. Every screen begins with it. */
export function Page({ title, lead, back, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Regulars`;
  }, [title]);
  return (
    <div className="page">
      <header className="page-head">
        <div className="page-names">
          {back && <div className="page-back">{back}</div>}
          <h1>{title}</h1>
          {lead && <p className="page-lead">{lead}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page on its own surface. */
export function Panel({ title, extra, children }: { title?: string; extra?: ReactNode; children: ReactNode }) {
  return (
    <section className="panel" {...(title ? { "aria-label": title } : {})}>
      {(title || extra) && (
        <header className="panel-head">
          {title && <h2>{title}</h2>}
          {extra}
        </header>
      )}
      {children}
    </section>
  );
}
