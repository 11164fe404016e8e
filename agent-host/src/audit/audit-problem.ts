/** `ENOSPC` and the like where the system says so, else the error's own words. */
export function codeOfError(error: unknown): string {
  const code = error !== null && typeof error === "object" && "code" in error ? error.code : undefined;
  if (typeof code === "string") return code;
  return error instanceof Error ? error.message : String(error);
}

/** Codes of a disk that takes no more: full, over quota, or a file that may grow no further. */
const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

export const isFullDisk = (error: unknown): boolean => FULL.has(codeOfError(error));
