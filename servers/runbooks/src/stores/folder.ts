import { readFile } from "node:fs/promises";
import { CouldNotLook } from "@oncall-copilot/core";
import type { Deployment, RunbookStore } from "../store.ts";
import { assembler, type Read } from "./assemble.ts";
import { goneFrom, MAX_BYTES, readMarkdown, tooLarge } from "./markdown/page.ts";
import { type Found, markdownFiles } from "./markdown/walk.ts";

export interface FolderParts {
  readonly folder: string;
  /** Where people see it: a page's path is appended. */
  readonly link: string;
  readonly deployments: () => Promise<readonly Deployment[] | undefined>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The Markdown files of a folder. What has changed on disk is read again at the next call. */
export function folderRunbooks({ folder, link, deployments, now }: FolderParts): RunbookStore {
  const name = `the folder ${folder}`;
  const assemble = assembler(now);
  let known = new Map<string, { readonly state: string; readonly read: Read }>();

  const readOne = async ({ path, file, bytes, state }: Found) => {
    const before = known.get(path);
    if (before?.state === state) return before;
    const read =
      bytes > MAX_BYTES ? tooLarge(path, bytes) : await readMarkdown(path, await readFile(file, "utf8"), link);
    return { state, read };
  };

  return {
    name,
    link,
    find: async (_, signal) => {
      const fresh: typeof known = new Map();
      try {
        for (const found of await markdownFiles(folder, signal)) {
          signal.throwIfAborted();
          fresh.set(found.path, await readOne(found));
        }
      } catch (error) {
        signal.throwIfAborted();
        throw isOfFiles(error) ? unreadable(name, error) : error;
      }
      known = fresh;
      const read = [...fresh.values()].map((entry) => entry.read);
      const ids = new Set(read.flatMap(({ page }) => page?.id ?? []));
      return assemble({ read, deployments: await deployments(), goneTarget: goneFrom(ids) });
    },
  };
}

/** Only what the file system says has a number: any other error is a fault of this program, and no mount cures that. */
const isOfFiles = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).errno === "number";

function unreadable(name: string, error: NodeJS.ErrnoException): CouldNotLook {
  const code = error.code ?? "unknown error";
  const cure =
    code === "EACCES" || code === "EPERM" ? "let this process read it" : "check ONCALL_RUNBOOKS_FOLDER and its mount";
  const reason = code === "EACCES" || code === "EPERM" ? "forbidden" : "unreachable";
  return new CouldNotLook(reason, `${name} cannot be read (${code})`, { cure, cause: error });
}
