import type { Bucket } from "./bucket";
import type { FigureRow, Overview } from "./queries";

/** The figure of this name; of one unit or part when it has several. */
export function figureOf(
  answer: Overview,
  metric: string,
  { unit = null, part = null, days }: { unit?: string | null; part?: string | null; days?: number } = {},
): FigureRow | undefined {
  return answer.figures.find(
    (one) =>
      one.metric === metric && one.unit === unit && one.part === part && (days === undefined || one.days === days),
  );
}

/** The window an answer is about, as a bucket takes it. */
export function windowOf(answer: Overview): Pick<Bucket, "from" | "to"> {
  return { from: answer.about.filters.from_day ?? null, to: answer.about.filters.to_day ?? null };
}

/** What members spent of everything, now and in the window compared with, in basis points. */
export function memberShare(answer: Overview): { now: number | null; before: number | null } {
  const total = figureOf(answer, "revenue");
  const anonymous = figureOf(answer, "revenue", { part: "anonymous" });
  return {
    now: rest(total?.value, anonymous?.value),
    before: rest(total?.before, anonymous?.before),
  };
}

function rest(total: number | null | undefined, without: number | null | undefined): number | null {
  return total && without != null ? Math.round(((total - without) * 10_000) / total) : null;
}

/** Whether the window compared with lies wholly within the data; a part of one would compare nothing with something. */
export function comparable(answer: Overview): boolean {
  return (
    answer.compared_from !== null && answer.about.first_day !== null && answer.compared_from >= answer.about.first_day
  );
}
