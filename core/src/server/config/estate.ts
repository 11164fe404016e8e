import { openCatalogSource } from "../../backend/backstage/open-source.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import { ConfigError, NotConfigured } from "../../errors.ts";
import { openRecording, type Recording } from "../../recording/recording.ts";
import type { Secret } from "../../secret.ts";

/** What every server works on, whatever its backend: the services there are, and the present moment. */
export interface Estate {
  readonly catalog: Catalog;
  /** The recording to answer from, when one is configured. */
  readonly recording: Recording | undefined;
  /** Epoch milliseconds: a recording's as-of, else ONCALL_AS_OF, else the clock. */
  now(): number;
  /** Reads what the start has put off: the catalog. Throws ConfigError when that is wrong. */
  check(): void;
}

interface EstateConfig {
  readonly ONCALL_RECORDING?: string | undefined;
  readonly ONCALL_AS_OF?: string | undefined;
  readonly ONCALL_CATALOG?: string | undefined;
  readonly ONCALL_CATALOG_TOKEN?: Secret | undefined;
  readonly ONCALL_CATALOG_CA?: string | undefined;
}

/**
 * Opens the recording, if any, and the catalog: the one that is configured, else the recording's. `backends` are the
 * variables that each configure a backend, with what they take.
 *
 * @throws ConfigError when none of these is set, when there is no catalog, or when either cannot be read. What the
 * catalog says is looked at on first use, or by `check`.
 */
export async function openEstate(
  server: string,
  config: EstateConfig,
  backends: Readonly<Record<string, string>>,
): Promise<Estate> {
  const values: Readonly<Record<string, unknown>> = { ...config };
  if (Object.keys(backends).every((name) => values[name] === undefined)) throw new NotConfigured(server, backends);
  const { ONCALL_RECORDING: folder, ONCALL_AS_OF: asOf } = config;
  const recording = folder === undefined ? undefined : await openRecording(folder, { asOf });
  const file = config.ONCALL_CATALOG ?? recording?.path("catalog");
  if (file === undefined) {
    const why = recording ? `the recording ${recording.dir} has no catalog.yaml` : "no catalog is configured";
    throw new ConfigError(
      `${server}: ${why}; set ONCALL_CATALOG to a Backstage catalog file (YAML) or to the address of a Backstage`,
    );
  }
  const catalog = await openCatalogSource({ ...config, ONCALL_CATALOG: file });
  const still = recording?.asOf ?? (asOf === undefined ? undefined : Date.parse(asOf));
  return { catalog, recording, now: () => still ?? Date.now(), check: () => catalog.check() };
}

/** The recording, for a server that has no other backend yet. */
export function recordingOf(estate: Estate): Recording {
  if (!estate.recording) throw new Error("openEstate lets no server through without a backend");
  return estate.recording;
}
