import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";

/** Another triage is writing to the same log. */
export class LockedError extends Error {
  override readonly name = "LockedError";
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as someone else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Takes a lock file that holds our process id, so that two writers cannot fork one chain. A lock whose process has ended is
 * taken over. Returns what lets go of it.
 *
 * @throws LockedError naming the process that holds it.
 */
export function takeLock(file: string): () => void {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const descriptor = openSync(file, "wx", 0o600);
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const pid = Number(readFileSync(file, "utf8"));
      if (pid > 0 && isRunning(pid))
        throw new LockedError(`process ${pid} is writing there (${file}); give another --out, or wait for it`);
      rmSync(file, { force: true });
    }
  }
  throw new LockedError(`${file} could not be taken; give another --out`);
}
