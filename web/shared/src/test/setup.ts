import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";
import { keepLanguage } from "../i18n/language";
import { startTexts } from "../i18n/start";

// What jsdom lacks and the pieces ask for.
Object.defineProperty(window, "matchMedia", {
  value: (query: string) => ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  }),
});

keepLanguage("en");
await startTexts(async (language) =>
  language === "en" ? (await import("../locales/en/index")).default : (await import("../locales/zh-CN/index")).default,
);

afterEach(() => {
  cleanup();
  localStorage.clear();
});
