import "@fontsource-variable/figtree/index.css";
import "./app/member.css";
import { startTexts } from "@regulars/shared/i18n/start";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { keepOffline } from "./app/keepOffline";

const root = document.getElementById("root");
if (root) {
  const texts = startTexts(async (language) =>
    language === "en" ? (await import("./locales/en/index")).default : (await import("./locales/zh-CN/index")).default,
  );
  void texts.then(() => createRoot(root).render(<App />));
  window.addEventListener("load", () => setTimeout(() => void keepOffline(), 2000));
}
