import { currentLanguage } from "../i18n/language";

/** The address of a file that is downloaded by a plain link. A link sends the browser's language, so the shown one stands in the address. */
export function fileLink(path: string): string {
  const lang = currentLanguage() === "en" ? "en" : "zh";
  return `${path}${path.includes("?") ? "&" : "?"}lang=${lang}`;
}
