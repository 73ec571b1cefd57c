import type { Config } from "./config/config.ts";

/** Every secret that the configuration holds, for the redactor: the passwords of the connection URLs. */
export function secretsOf(config: Config): string[] {
  return config.dependencies
    .flatMap(({ url }) => {
      const { password } = new URL(url);
      try {
        return [password, decodeURIComponent(password)];
      } catch {
        return [password];
      }
    })
    .filter((secret) => secret !== "");
}
