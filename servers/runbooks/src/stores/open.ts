import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigError, CouldNotLook } from "@oncall-copilot/core";
import { type Estate, type ExamineOptions, type Finding, recordingFinding } from "@oncall-copilot/core/server";
import type { RunbooksConfig } from "../config.ts";
import type { RunbookStore } from "../store.ts";
import { examineConfluence } from "./confluence/examine.ts";
import { openConfluence } from "./confluence/open.ts";
import { confluenceRunbooks } from "./confluence.ts";
import { deploymentsIn } from "./deployments.ts";
import { examineFiles, failureFinding } from "./examine.ts";
import { folderRunbooks } from "./folder.ts";
import { gitRunbooks } from "./git.ts";
import { recordedRunbooks } from "./recording.ts";

export interface Backend {
  readonly store: RunbookStore;
  examine(options: ExamineOptions): Promise<readonly Finding[]>;
  close?(): Promise<void>;
}

/** The variables that each configure a backend, with what they take. */
export const BACKENDS = {
  ONCALL_RECORDING: "folder of a recording that has runbooks/",
  ONCALL_RUNBOOKS_CONFLUENCE_URL:
    "Confluence to answer from, with ONCALL_RUNBOOKS_CONFLUENCE_SPACES and ONCALL_CATALOG",
  ONCALL_RUNBOOKS_FOLDER: "folder of Markdown files to answer from, with ONCALL_CATALOG",
  ONCALL_RUNBOOKS_GIT: "Git repository of Markdown files to answer from, with ONCALL_CATALOG",
} as const;

/** A recording comes first where there is one, so that a replay never mixes with what is live. Throws ConfigError. */
export function openBackend(estate: Estate, config: RunbooksConfig): Backend {
  const { recording, catalog, now } = estate;
  if (recording) {
    const examine: Backend["examine"] = async (options) => [recordingFinding(estate, "runbooks", options)];
    return { store: recordedRunbooks(recording), examine };
  }
  const {
    ONCALL_RUNBOOKS_CONFLUENCE_URL: url,
    ONCALL_RUNBOOKS_FOLDER: folder,
    ONCALL_RUNBOOKS_GIT: repository,
    ONCALL_RUNBOOKS_LINK: link,
  } = config;
  if ([url, folder, repository].filter((one) => one !== undefined).length > 1) {
    throw new ConfigError(
      "set one of ONCALL_RUNBOOKS_CONFLUENCE_URL, ONCALL_RUNBOOKS_FOLDER and ONCALL_RUNBOOKS_GIT, and not several",
    );
  }
  const shared = { deployments: deploymentsIn(config.ONCALL_RUNBOOKS_DEPLOYMENTS), now };
  if (url !== undefined) {
    const opened = openConfluence(url, config);
    const store = confluenceRunbooks({ ...opened, ...shared });
    const examine: Backend["examine"] = async (options) => [
      ...(await examineConfluence(opened, { store, catalog, now }, options)),
      ...(await examineDeployments(config.ONCALL_RUNBOOKS_DEPLOYMENTS)),
    ];
    return { store, examine, close: async () => opened.http.close() };
  }
  if (folder !== undefined) {
    return files(
      folderRunbooks({ folder: resolve(folder), link: link ?? fileAddress(folder), ...shared }),
      estate,
      config,
    );
  }
  if (repository === undefined) throw new Error("openEstate lets no server through without a backend");
  const below = config.ONCALL_RUNBOOKS_GIT_FOLDER;
  const store = gitRunbooks({
    ...{ repository: resolve(repository), ref: config.ONCALL_RUNBOOKS_GIT_REF, folder: below, ...shared },
    link: link ?? fileAddress(repository, below),
  });
  return files(store, estate, config);
}

const fileAddress = (...parts: readonly string[]): string => pathToFileURL(resolve(...parts)).href.replace(/\/+$/, "");

function files(store: RunbookStore, { catalog, now }: Estate, config: RunbooksConfig): Backend {
  const examined = { backend: store.name, store, catalog, now };
  return {
    store,
    examine: async (options) => [
      ...(await examineFiles(examined, options)),
      ...(await examineDeployments(config.ONCALL_RUNBOOKS_DEPLOYMENTS)),
    ],
  };
}

/** The file of deployments, by which pages are told to be out of date; nothing where none is configured. */
async function examineDeployments(file: string | undefined): Promise<Finding[]> {
  if (file === undefined) return [];
  const backend = `deployments in ${file}`;
  try {
    const deployments = (await deploymentsIn(file)()) ?? [];
    return [{ backend, check: "data", status: "ok", message: `${deployments.length} deployments` }];
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    return [failureFinding(backend, error.reason === "not_configured" ? "reachable" : "data", error)];
  }
}
