import type { ReactNode } from "react";

/** What a row is, and under its name everything it says in one sentence. */
export function Labelled({ name, sentence, plain = false }: { name: ReactNode; sentence: string; plain?: boolean }) {
  return (
    <span className="goods-labelled">
      {plain ? <span>{name}</span> : <strong>{name}</strong>}
      {sentence && <span className="quiet">{sentence}</span>}
    </span>
  );
}
