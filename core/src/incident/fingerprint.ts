import { createHash } from "node:crypto";

/** Labels that change between two occurrences of the same trouble, or say who saw it and not what it is. */
const VOLATILE_LABELS = new Set([
  "pod", "pod_name", "k8s_pod_name", "instance", "node", "host", "hostname", "ip", "container_id", "uid", "id", "replica",
  "replicaset", "pod_template_hash", "endpoint", "exported_instance", "exported_pod", "version", "revision", "release", "image",
  "image_tag", "build", "commit", "timestamp", "severity", "prometheus", "prometheus_replica", "monitor", "receiver", "job",
  "account", "trace_id",
]); // biome-ignore format: a word list

/**
 * What of a value is the same next time: generated pod suffixes, versions, addresses, hex ids, timestamps and bare numbers
 * are blanked, in that order, since each later one would eat a part of an earlier.
 */
export function stableValue(value: string): string {
  return value
    .toLowerCase()
    .trim()
    .replace(/\b\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?/g, "<time>")
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, "<addr>")
    .replace(/-[a-z0-9]{8,10}-[a-z0-9]{5}\b/g, "") // a Deployment's pod: replica set hash, then pod suffix
    .replace(/\bv?\d+\.\d+(?:\.\d+)?(?:[-+][a-z0-9.]+)?\b/g, "<version>")
    .replace(/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b/g, "<hex>")
    .replace(/\d+/g, "<n>")
    .replace(/\s+/g, " ");
}

export interface FingerprintInput {
  /** The alert's name. */
  readonly alert: string;
  /** The catalog name of the service, or null when the alert names none. */
  readonly service: string | null;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Which trouble an alert is about, the same each time it comes: 16 hex digits over the alert's name, its service and the
 * labels that identify it. Stable over pod names, instances, timestamps and versions.
 */
export function alertFingerprint(input: FingerprintInput): string {
  const { alertname: _name, service: _service, ...labels } = input.labels ?? {};
  const identity = Object.entries(labels)
    .filter(([name]) => !VOLATILE_LABELS.has(name.toLowerCase()))
    .map(([name, value]) => `${name.toLowerCase()}=${stableValue(value)}`)
    .sort();
  const canonical = JSON.stringify([stableValue(input.alert), input.service?.toLowerCase() ?? "", identity]);
  return createHash("sha256").update(canonical).digest("hex").slice(0, 16);
}
