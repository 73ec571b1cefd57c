/** The system's code of a failed file operation, such as `ENOENT`. */
export function fileErrorCode(error: unknown): string {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "an unknown error";
}
