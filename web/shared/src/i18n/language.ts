/** The languages there are, by the name each gives itself. */
export const LANGUAGES = { "zh-CN": "简体中文", en: "English" } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = "regulars.language";
let chosen: Language = initial();

/** The language everything is shown in and the server is asked to answer in. */
export function currentLanguage(): Language {
  return chosen;
}

/** The choice holds, also after the page is loaded again. */
export function keepLanguage(language: Language): void {
  chosen = language;
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Private windows may refuse to store: the choice then holds for this page only.
  }
  document.documentElement.lang = language;
}

function initial(): Language {
  const known = stored();
  if (known !== null && known in LANGUAGES) {
    return known as Language;
  }
  return navigator.languages.some((one) => one.toLowerCase().startsWith("zh")) ? "zh-CN" : "en";
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
