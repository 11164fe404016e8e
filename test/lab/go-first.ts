import os from "node:os";
import { run } from "./shell.ts";

/**
 * Others who use the machine must not show as latency. The estate needs a quarter of a core, but needs it at once; all that the
 * lab starts inherits its place in the queue. Only the superuser may ask for one: without it, keep the machine quiet.
 */
export async function goFirst(): Promise<void> {
  try {
    await run("chrt", ["--all-tasks", "--rr", "--pid", "1", String(process.pid)]);
  } catch {
    try {
      os.setPriority(os.constants.priority.PRIORITY_HIGH);
    } catch {
      // As it is, then.
    }
  }
}
