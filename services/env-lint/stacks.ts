import { environmentOfFile, isTemplate } from "./file-name.ts";

/**
 * Which of these files, lowest first, are laid over each other where nobody said so: those of one environment over those
 * of none. Files of different environments never meet, and a template is a layer of nothing.
 */
export function stacksOf<T extends { readonly path: string }>(
  files: readonly T[],
): readonly (readonly T[])[] {
  const layers = files.filter(({ path }) => !isTemplate(path));
  const named = layers.map((file) => ({ file, environment: environmentOfFile(file.path) }));
  const environments = new Set(named.flatMap(({ environment }) => environment ?? []));
  if (environments.size === 0) return layers.length === 0 ? [] : [layers];
  return [...environments].map((wanted) =>
    named
      .filter(({ environment }) => environment === undefined || environment === wanted)
      .map(({ file }) => file),
  );
}
