import type { UrlName } from "../../services/context/evidence.ts";
import type { DependencyOptions } from "../../services/dependencies/options.ts";

/** What the configured URLs carry of names: hosts and databases, no user and no password. */
export function namesInUrls(dependencies: readonly DependencyOptions[]): UrlName[] {
  return dependencies.flatMap((options) => {
    if (options.kind === "auth") {
      return options.candidates.flatMap(({ name, url }) => hostOf(`${options.name}.${name}`, new URL(url)));
    }
    const url = new URL(options.url);
    const hosts = hostOf(options.name, url);
    return options.kind === "postgres" || options.kind === "clickhouse"
      ? [...hosts, ...databaseOf(options.name, url)]
      : hosts;
  });
}

function hostOf(dependency: string, { hostname, searchParams }: URL): UrlName[] {
  const text = decode(searchParams.get("host") ?? hostname).replace(/^\[|\]$/g, "");
  return text === "" ? [] : [{ dependency, part: "host", text }];
}

function databaseOf(dependency: string, { pathname, searchParams }: URL): UrlName[] {
  const text = decode(pathname.slice(1)) || searchParams.get("database") || "";
  // What is no plain name may be a part of something that is no database.
  return /^[\w.-]{1,63}$/.test(text) ? [{ dependency, part: "database", text }] : [];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
