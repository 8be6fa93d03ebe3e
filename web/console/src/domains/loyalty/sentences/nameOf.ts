import { said } from "@regulars/shared/session/plan";
import { textAt } from "./raw";

/** What an item of the document is called; by its id as long as it has no name. */
export function nameOf(item: unknown): string {
  return said({ en: textAt(item, ["label", "en"]), zh: textAt(item, ["label", "zh"]) }) || textAt(item, ["id"]);
}
