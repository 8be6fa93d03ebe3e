import { type ReactNode, useEffect, useRef } from "react";

/** What is done in one step. It takes the focus when it appears: what had it belonged to the step before and is gone. */
export function StepBody({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) {
      box.current?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <section className="orders-step" ref={box} tabIndex={-1} aria-label={label}>
      {children}
    </section>
  );
}
