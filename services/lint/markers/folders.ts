/** `.` of `conftest.py`, `tests/unit` of `tests/unit/test_a.py`, `..` of `../pytest.ini`. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at === -1 ? "." : path.slice(0, at);
}

/** The folder above: `.` of `tests`, `..` of `.`, `../..` of `..`. */
export function parentOf(folder: string): string {
  if (folder === ".") return "..";
  if (parts(folder).names.length === 0) return `${folder}/..`;
  return folderOf(folder);
}

/**
 * Whether a file or folder is in it, at any depth, or is it. Of the names above `.` nothing is known, so that
 * `../lib` holds nothing that is below `.`.
 */
export function isWithin(path: string, folder: string): boolean {
  const [inner, outer] = [parts(path), parts(folder)];
  if (outer.ups !== inner.ups) return outer.ups > inner.ups && outer.names.length === 0;
  return outer.names.every((name, index) => name === inner.names[index]);
}

/** How many folders above `.` it begins, and the names from there. */
function parts(path: string): { readonly ups: number; readonly names: readonly string[] } {
  const names = path.split("/").filter((name) => name !== ".");
  const ups = names.filter((name) => name === "..").length;
  return { ups, names: names.slice(ups) };
}

/** The folder and all above it, nearest first, `depth` folders above `.` at most. */
export function* upwards(folder: string, depth: number): Generator<string> {
  for (let at = folder; parts(at).ups <= depth; at = parentOf(at)) yield at;
}

/** The nearest folder that holds them all. */
export function commonFolder(folders: readonly string[]): string {
  const [first = ".", ...others] = folders;
  const depth = Math.max(...folders.map((one) => parts(one).ups), 0);
  for (const folder of upwards(first, depth + 1)) {
    if (others.every((other) => isWithin(other, folder))) return folder;
  }
  return first;
}

/** `./tests/` and `tests::test_a` are `tests`. */
export function normalise(path: string): string {
  const kept: string[] = [];
  for (const part of (path.split("::", 1)[0] ?? "").split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else kept.push(part);
  }
  return kept.length === 0 ? "." : kept.join("/");
}
