import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Placed } from "../useCheck";

type Props = { id: string; label: string; faults?: readonly Placed[]; children: ReactNode };

/** One input with its name above and what is wrong with it below. */
export function Field({ id, label, faults = [], children }: Props) {
  return (
    <div className="loyalty-field">
      <label htmlFor={id}>{label}</label>
      {children}
      <Faults of={faults} />
    </div>
  );
}

/** What is wrong, each in a line. */
export function Faults({ of }: { of: readonly Placed[] }) {
  const { t } = useTranslation("tiers");
  return of.map((fault) => (
    <span key={`${fault.field} ${fault.expected}`} role="alert" className="field-fault">
      {t("fault", { expected: fault.expected })}
    </span>
  ));
}
