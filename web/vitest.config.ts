import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@regulars/shared": resolve(import.meta.dirname, "shared/src") } },
  test: {
    environment: "jsdom",
    include: ["*/src/**/*.test.{ts,tsx}"],
    setupFiles: ["shared/src/test/setup.ts"],
    restoreMocks: true,
    // A limit is for what hangs, not for a machine that has other work.
    testTimeout: 30_000,
  },
});
