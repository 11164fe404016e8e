import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What is kept quotes production: whom it is shown to is the engineer's choice. */
const OWNER_ONLY = 0o600;

/**
 * Replaces a file whole or not at all: written beside it, synced, then renamed over it. A full disk leaves the old one as it was, and no
 * half of a new one.
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.${randomBytes(4).toString("hex")}`);
  try {
    const handle = await open(draft, "wx", OWNER_ONLY);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
