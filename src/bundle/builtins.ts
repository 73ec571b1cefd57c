import { isBuiltin } from "node:module";
import type { Plugin } from "esbuild";

/**
 * Takes Node's own modules as `require` does. An `import` reads every export of one to make a namespace of it, and in
 * node:http that loads undici, which takes 28 ms and which nothing here uses.
 */
export const builtins: Plugin = {
  name: "builtins",
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?[\w/]+$/ }, ({ path, kind }) =>
      isBuiltin(path) && kind !== "require-call"
        ? { path, namespace: "builtin", sideEffects: false }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => {
      const names = Object.getOwnPropertyNames(process.getBuiltinModule(path)).filter((name) =>
        /^[A-Za-z_$][\w$]*$/.test(name),
      );
      // Marked as pure: what nobody imports is not read either.
      const exports = names.map(
        (name) => `const ${name}_ = /* @__PURE__ */ at("${name}"); export { ${name}_ as ${name} };`,
      );
      const module = `const module = process.getBuiltinModule("${path}"), at = (name) => module[name];`;
      return { contents: [module, ...exports, "export default module;"].join("\n") };
    });
  },
};
