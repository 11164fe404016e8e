import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Decision, type DecisionStore } from "./decision.ts";

/** Keeps decisions as files in one folder, one a report, so that of two at once only one stands. */
export function decisionFolder(folder: string): DecisionStore {
  const read = async (file: string): Promise<Decision> =>
    Decision.parse(JSON.parse(await readFile(join(folder, file), "utf8")));
  return {
    record: async (given) => {
      const decision = Decision.parse(given);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = `${decision.report_sha256}.json`;
      const draft = join(folder, `.${name}.${process.pid}.${performance.now()}`);
      await writeFile(draft, `${JSON.stringify(decision, null, 2)}\n`, { mode: 0o600 });
      try {
        // A link is made whole or not at all, and never over another.
        await link(draft, join(folder, name));
        return decision;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        return await read(name);
      } finally {
        await rm(draft, { force: true });
      }
    },
    list: async (incident) => {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw error;
      });
      const all = await Promise.all(names.filter((name) => /^[0-9a-f]{64}\.json$/.test(name)).map(read));
      return all.filter((one) => one.incident === incident).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    },
  };
}
