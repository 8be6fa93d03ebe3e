/** One thing the palette can do. */
export type Command = { id: string; kind: "screen" | "action" | "member"; label: string; run: () => void };

/** The commands whose label holds every typed word; those that begin with what was typed first. */
export function matching(commands: readonly Command[], typed: string): Command[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0] ?? "";
  return commands
    .filter((command) => words.every((word) => command.label.toLowerCase().includes(word)))
    .sort(
      (one, other) =>
        Number(other.label.toLowerCase().startsWith(first)) - Number(one.label.toLowerCase().startsWith(first)),
    );
}
