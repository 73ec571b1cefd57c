/** A report that could not be written. */
export interface ReportFault {
  /** The format, or the variable that names the file. */
  readonly what: string;
  readonly path: string;
  readonly reason: string;
}

/** What the system's codes mean to the person who gave the path. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "not permitted",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is a file, not a folder",
  EEXIST: "a part of the path is a file, not a folder",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its links lead in a circle",
};

export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return message;
  return Object.hasOwn(REASONS, code) ? `${REASONS[code]} (${code})` : code;
}
