import { readFile } from "node:fs/promises";
import type { PageFile, ReadPageFile } from "../routes/dashboard.ts";
import { etagOf } from "../routes/etag.ts";

/** Beside this module, as sources and as published. */
const FOLDER = new URL("./dashboard/", import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** No folder, no second dot: nothing else than what stands in the folder can be named. */
const NAME = /^[a-z][a-z-]{0,40}\.(html|css|js|svg)$/;

/**
 * Reads the files of the dashboard, each when it is first asked for, and keeps it: many services never show the page, and
 * starting must not wait for it.
 */
export function createDashboardFiles(folder: URL = FOLDER): ReadPageFile {
  const kept = new Map<string, Promise<PageFile>>();

  async function load(name: string, type: string): Promise<PageFile> {
    const body = await readFile(new URL(name, folder));
    return { type, etag: etagOf(body), body };
  }

  return async function readDashboardFile(name) {
    const type = TYPES[NAME.exec(name)?.[1] ?? ""];
    if (type === undefined) return undefined;
    const found = kept.get(name) ?? load(name, type);
    kept.set(name, found);
    try {
      return await found;
    } catch (error) {
      // Names that do not exist would be kept for as long as somebody thinks of new ones.
      kept.delete(name);
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  };
}
