import { defineConfig } from "vitest/config";

// Named so that the project's own run does not take them for its tests.
export default defineConfig({ test: { include: ["*.suite.ts"], maxWorkers: 1 } });
