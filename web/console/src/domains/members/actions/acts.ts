import type { Card } from "../people";

/** What every dialog gets: the member, how it is closed, and what is said when it is done. */
export type Act = { card: Card; onClose: () => void; onDone: (told: string) => void };
