const PATHS = {
  seed: "M32 52V30m0 0c0-9 6-15 16-15 0 10-6 15-16 15Zm0 6c0-7-5-12-14-12 0 8 5 12 14 12Z",
  lens: "M28 14a14 14 0 1 0 0 28 14 14 0 0 0 0-28Zm10 24 12 12M22 28h12",
  leaf: "M16 48c0-20 10-32 32-32 0 22-12 32-32 32Zm0 0 18-18",
} as const;

/** The small drawing of an empty state. Says nothing the words beside it don't. */
export function Mark({ kind }: { kind: keyof typeof PATHS }) {
  return (
    <svg className="mark" viewBox="0 0 64 64" aria-hidden="true">
      <circle cx="32" cy="32" r="31" />
      <path d={PATHS[kind]} />
    </svg>
  );
}
