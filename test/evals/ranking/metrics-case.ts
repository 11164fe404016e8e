import { type Catalog, type CatalogEntry, loadCatalog, type WalkStep, walkDependencies } from "@oncall-copilot/core";
import { openRecording, type Recording } from "@oncall-copilot/core/recording";

/** A recording as a ranking by metrics alone sees it: the alert's service and what it depends on. */
export interface MetricsCase {
  readonly recording: Recording;
  readonly start: CatalogEntry;
  /** The candidates: the start first, then what it depends on, three hops at the most. */
  readonly walk: readonly WalkStep[];
}

/**
 * Null when the recording has no metrics, or its alert names no service of the catalog. `afterAlertMs` moves the moment it stands for:
 * so long after its alert.
 */
export async function openMetricsCase(dir: string, afterAlertMs?: number): Promise<MetricsCase | null> {
  const usual = await openRecording(dir);
  const alertAt = Date.parse(usual.incident.started_at);
  const recording =
    afterAlertMs === undefined
      ? usual
      : await openRecording(dir, { asOf: new Date(alertAt + afterAlertMs).toISOString() });
  const catalogFile = recording.path("catalog");
  if (catalogFile === undefined || recording.path("metrics") === undefined) return null;
  const catalog: Catalog = await loadCatalog(catalogFile);
  const start = recording.incident.service === null ? undefined : catalog.find(recording.incident.service);
  return start ? { recording, start, walk: walkDependencies(catalog, start) } : null;
}
