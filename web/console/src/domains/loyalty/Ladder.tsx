import { said } from "@regulars/shared/session/plan";
import type { Item } from "./versions";

const BEYOND = 0.18;
const LOWEST = 20;
const HIGHEST = 64;

/** The levels as stairs: as wide as the way to the next one is long. The list below says the same in words. */
export function Ladder({ levels }: { levels: readonly Item[] }) {
  const from = levels.map((level) => Number(level.content.from ?? 0));
  const top = Math.max(...from, 1);
  const width = (index: number) => (from[index + 1] ?? top * (1 + BEYOND)) - (from[index] ?? 0);
  const height = (index: number) => LOWEST + ((HIGHEST - LOWEST) * (index + 1)) / levels.length;
  return (
    <figure className="loyalty-ladder">
      <div className="loyalty-stairs" aria-hidden="true">
        {levels.map((level, index) => (
          <span
            key={level.path}
            className="loyalty-stair"
            style={{ flexGrow: width(index), height: height(index) }}
            title={said(level.title)}
          />
        ))}
      </div>
      <ul>
        {levels.map((level) => (
          <li key={level.path}>
            <strong>{said(level.title)}</strong>
            <span className="quiet num">{said(level.sentence)}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
