import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 90_000,
    // Of two cores: a third one works while others wait for real servers. It is as steady as two, and a quarter quicker.
    maxWorkers: 3,
    // Of tests side by side in one file, most of whose time is waiting.
    maxConcurrency: 4,
    globalSetup: ["test/setup/bundle.ts"],
  },
});
