/** Where labels stand whose marks are at `heights` (rising): each at its mark, or as far above the one below as it needs to be read. */
export function placed(heights: readonly number[], least: number): number[] {
  const found: number[] = [];
  for (const height of heights) {
    const below = found.at(-1);
    found.push(below === undefined ? height : Math.max(height, below + least));
  }
  return found;
}
