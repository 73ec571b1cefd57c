import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 90_000,
    // Two cores: more workers only make the timing of real servers less steady.
    maxWorkers: 2,
    // Of tests side by side in one file, most of whose time is waiting.
    maxConcurrency: 4,
    globalSetup: ["test/setup/bundle.ts"],
  },
});
