import { useSearchValue } from "@regulars/shared/url/search";
import { daysBefore } from "./numbers";
import type { Asked, Compare } from "./queries";

export const PERIODS = ["30", "90", "180", "365", "all"] as const;
export const COMPARES = ["previous", "year"] as const satisfies readonly Compare[];

/** The window of the overview and what it is compared with, both kept in the address. */
export function usePeriod(lastDay: string | null | undefined): {
  period: (typeof PERIODS)[number];
  setPeriod: (next: string) => void;
  compare: Compare;
  setCompare: (next: string) => void;
  asked: (Asked & { compare?: Compare }) | null;
} {
  const [text, setPeriod] = useSearchValue("period", "90");
  const [how, setCompare] = useSearchValue("compare", "previous");
  const period = PERIODS.find((one) => one === text) ?? "90";
  const compare = COMPARES.find((one) => one === how) ?? "previous";
  const asked =
    !lastDay || period === "all" ? null : { from: daysBefore(lastDay, Number(period) - 1), to: lastDay, compare };
  return { period, setPeriod, compare, setCompare, asked };
}
