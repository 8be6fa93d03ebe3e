type Props = { label: string; said: string; from: number; to: number; now: number };

/** How much of a way is done. */
export function Meter({ label, said, from, to, now }: Props) {
  const share = Math.min(1, Math.max(0, (now - from) / Math.max(1, to - from)));
  return (
    <div
      className="meter"
      role="progressbar"
      aria-label={label}
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={Math.min(now, to)}
      aria-valuetext={said}
    >
      <span style={{ width: `${Math.max(2, share * 100)}%` }} />
    </div>
  );
}
