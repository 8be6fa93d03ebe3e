import type { ReactNode } from "react";

export type Tone = "good" | "warn" | "bad" | "info" | "quiet";

/** A state as a coloured word with a dot. The word says it; the colour only helps. */
export function Tag({ tone = "quiet", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`tag ${tone}`}>{children}</span>;
}
