type Props = { label: string; note?: string; on: boolean; busy?: boolean; onChange: (on: boolean) => void };

/** A yes or no that counts at once. */
export function Switch({ label, note, on, busy = false, onChange }: Props) {
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-checked={on}
      aria-busy={busy}
      disabled={busy}
      onClick={() => onChange(!on)}
    >
      <span className="switch-words">
        <span>{label}</span>
        {note && <span className="quiet">{note}</span>}
      </span>
      <span className="switch-track" aria-hidden="true" />
    </button>
  );
}
