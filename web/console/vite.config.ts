import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "/console/",
  plugins: [react()],
  resolve: { alias: { "@regulars/shared": resolve(import.meta.dirname, "../shared/src") } },
  build: {
    outDir: "dist",
    manifest: true,
    target: ["chrome107", "safari16", "firefox104"],
    chunkSizeWarningLimit: 1200,
  },
  // `npm run dev -w …` beside `python tools/ui_serve.py`.
  server: { port: 5173, proxy: { "/v1": "http://127.0.0.1:8780", "/openapi.json": "http://127.0.0.1:8780" } },
});
