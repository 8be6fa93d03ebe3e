import { useSearchValue } from "@regulars/shared/url/search";
import { WITHIN } from "./numbers";

/** The N of "within N days", kept in the address and shared by the parts of a screen. */
export function useWithin(): [number, (days: number) => void] {
  const [text, choose] = useSearchValue("within", "90");
  return [WITHIN.find((days) => String(days) === text) ?? 90, (days) => choose(String(days))];
}
