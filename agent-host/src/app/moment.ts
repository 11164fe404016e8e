import { ConfigError, type Incident } from "@oncall-copilot/core";
import { AS_OF_AFTER_ALERT_MS, openRecording } from "@oncall-copilot/core/recording";
import type { Settings } from "./settings.ts";

/** The moment an investigation stands for, and where the servers and the host look. */
export interface Moment {
  /** Epoch milliseconds; no tool looks past it. */
  readonly asOf: number;
  /** The catalog's file, or the address of a Backstage. */
  readonly catalog: string;
  /** What the servers are told besides, so that they stand for the same moment. */
  readonly env: NodeJS.ProcessEnv;
}

/** Where the catalog lies. @throws ConfigError when there is none to look things up in. */
export async function catalogOf({ recording: folder, catalog }: Settings): Promise<string> {
  if (catalog !== null) return catalog;
  if (folder === null)
    throw new ConfigError(
      "set ONCALL_CATALOG to your Backstage catalog file or to your Backstage's address, or give --recording DIR",
    );
  const found = (await openRecording(folder)).path("catalog");
  if (!found) throw new ConfigError(`${folder} has no catalog.yaml; every recording needs one`);
  return found;
}

/** @throws ConfigError when there is no catalog to look things up in. */
export async function momentOf(settings: Settings, incident: Incident): Promise<Moment> {
  const { recording: folder, asOf } = settings;
  const catalog = await catalogOf(settings);
  if (folder === null) return { asOf: asOf ?? Date.now(), catalog, env: {} };
  const recording = await openRecording(folder);
  // The alert given may be another than the recording's own: the moment goes by the one that is triaged.
  const moment = asOf ?? Date.parse(incident.started_at) + AS_OF_AFTER_ALERT_MS;
  const env = { ONCALL_RECORDING: recording.dir, ONCALL_AS_OF: new Date(moment).toISOString() };
  return { asOf: moment, catalog, env };
}
