import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: ["./globalSetup.ts"],
    // `greenlight run --junit 'reports/*.xml' -- vitest run` joins what failed to what broke meanwhile.
    reporters: ["default", "junit"],
    outputFile: { junit: process.env["JUNIT_FILE"] ?? "reports/vitest.xml" },
  },
});
