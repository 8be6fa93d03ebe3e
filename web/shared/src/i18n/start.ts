import i18next, { type i18n, type ResourceLanguage } from "i18next";
import { initReactI18next } from "react-i18next";
import { currentLanguage, keepLanguage, type Language } from "./language";

/** Loads every text of one language, one chunk a language. */
export type LoadTexts = (language: Language) => Promise<ResourceLanguage>;

let load: LoadTexts;

/** Texts are there in the chosen language. A missing key shows itself, so that it is seen; the gate `tools/ui_texts.py` finds it first. */
export async function startTexts(loading: LoadTexts): Promise<i18n> {
  load = loading;
  const language = currentLanguage();
  keepLanguage(language);
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: await load(language) },
    interpolation: { escapeValue: false },
    returnEmptyString: false,
    initAsync: false,
  });
  return i18next;
}

/** Everything is shown in `language` from now on, also after the page is loaded again. */
export async function switchLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, "ui")) {
    for (const [namespace, texts] of Object.entries(await load(language))) {
      i18next.addResourceBundle(language, namespace, texts);
    }
  }
  keepLanguage(language);
  await i18next.changeLanguage(language);
}

/** `{ "./members.json": {...} }`, as Vite's glob gives it, by namespace. */
export function byNamespace(files: Record<string, ResourceLanguage>): ResourceLanguage {
  return Object.fromEntries(
    Object.entries(files).map(([path, texts]) => [path.replace(/^.*\/|\.json$/g, ""), texts]),
  ) as ResourceLanguage;
}
