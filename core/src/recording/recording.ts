import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ConfigError } from "../errors.ts";
import { incidentFromPayload } from "../incident/alert.ts";
import type { Incident } from "../incident/incident.ts";
import { parseRfc3339 } from "../time/window.ts";

/** How long after its alert a recording lets a reader look, in milliseconds: what the engineer paged would have had. */
export const AS_OF_AFTER_ALERT_MS = 5 * 60_000;

/** The parts of a recording. Every one but the alert and the catalog may be missing. */
export const RECORDING_PARTS = {
  alert: "alert.json",
  catalog: "catalog.yaml",
  logs: "logs.ndjson.gz",
  metrics: "metrics.csv.gz",
  runbooks: "runbooks",
  history: "history.ndjson.gz",
  repository: "repo.bundle",
  /** Where there are several: a bundle each, `repos/OWNER/NAME.bundle`. */
  repositories: "repos",
  deployments: "deployments.ndjson",
} as const;
export type RecordingPart = keyof typeof RECORDING_PARTS;

const { alert, catalog, ...others } = RECORDING_PARTS;

/** What makes a folder a recording, for a message about one that is none. */
export const RECORDING_NEEDS = `a recording needs ${alert} and ${catalog}, and may have ${Object.values(others).join(", ")} (docs/recordings.md)`;

/** A past incident as a folder. It stands still at `asOf`: no reader may return anything later. */
export interface Recording {
  readonly dir: string;
  /** The folder's name. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly asOf: number;
  readonly incident: Incident;
  /** The part's absolute path, or undefined when this recording does not have it. */
  path(part: RecordingPart): string | undefined;
  /** Where a person finds a place in it: `recording:NAME/logs.ndjson.gz#L12`. */
  url(part: RecordingPart, place?: string): string;
}

/** Opens a recording. `asOf` (RFC 3339) moves the moment it stands for; by default its alert plus five minutes. */
export async function openRecording(dir: string, options: { asOf?: string | undefined } = {}): Promise<Recording> {
  const root = resolve(dir);
  const isFolder = await stat(root).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new ConfigError(`ONCALL_RECORDING: ${dir} is not a folder`);
  const alertFile = join(root, RECORDING_PARTS.alert);
  if (!existsSync(alertFile)) {
    throw new ConfigError(`ONCALL_RECORDING: ${dir} has no ${RECORDING_PARTS.alert}; ${RECORDING_NEEDS}`);
  }
  let incident: Incident;
  try {
    incident = incidentFromPayload(JSON.parse(await readFile(alertFile, "utf8")));
  } catch (error) {
    throw new ConfigError(`${alertFile}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const asOf =
    options.asOf === undefined ? Date.parse(incident.started_at) + AS_OF_AFTER_ALERT_MS : parseRfc3339(options.asOf);
  if (Number.isNaN(asOf)) throw new ConfigError(`ONCALL_AS_OF is not an RFC 3339 time: ${options.asOf}`);
  const name = basename(root);
  return {
    dir: root,
    name,
    asOf,
    incident,
    path: (part) => {
      const path = join(root, RECORDING_PARTS[part]);
      return existsSync(path) ? path : undefined;
    },
    url: (part, place) => `recording:${name}/${RECORDING_PARTS[part]}${place ? `#${place}` : ""}`,
  };
}
