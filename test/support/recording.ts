/**
 * Writes small recordings for tests, from plain values. The alert and the catalog have defaults; every other file is
 * there only when given, so that a test can also show what a server says without it.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";

/** When the default alert began, epoch ms. */
export const ALERT_AT = Date.parse("2026-03-01T10:00:00Z");

/** An instant as RFC 3339, so many minutes after the default alert (negative is before). */
export function at(minutes: number, from: number = ALERT_AT): string {
  return new Date(from + minutes * 60_000).toISOString();
}

export interface AlertOptions {
  readonly alertname?: string;
  readonly service?: string;
  readonly severity?: string;
  /** RFC 3339. */
  readonly startsAt?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A whole Alertmanager v4 webhook body with one firing alert. */
export function alertmanagerBody(options: AlertOptions = {}): Record<string, unknown> {
  const { alertname = "HighErrorRate", service = "storefront", severity = "critical", startsAt = at(0) } = options;
  const labels = { alertname, service, severity, ...options.labels };
  const annotations = { summary: `${service}: error ratio is above 5 %`, ...options.annotations };
  return {
    version: "4",
    groupKey: `{}:{alertname="${alertname}", service="${service}"}`,
    truncatedAlerts: 0,
    status: "firing",
    receiver: "oncall",
    groupLabels: { alertname, service },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: "http://alertmanager.example.test:9093",
    alerts: [
      {
        status: "firing",
        labels,
        annotations,
        startsAt,
        endsAt: "0001-01-01T00:00:00Z",
        generatorURL: "http://prometheus.example.test:9090/graph?g0.expr=error_ratio",
        fingerprint: "8f0e1d2c3b4a5968",
      },
    ],
  };
}

/** Backstage entities: storefront -> checkout -> pricing -> pricing-db. */
export const DEFAULT_CATALOG: readonly object[] = [
  component("storefront", ["component:default/checkout"]),
  component("checkout", ["component:default/pricing"]),
  component("pricing", ["resource:default/pricing-db"]),
  {
    apiVersion: "backstage.io/v1alpha1",
    kind: "Resource",
    metadata: { name: "pricing-db" },
    spec: { type: "database", owner: "team-pricing" },
  },
];

/** One Backstage Component of type service. */
export function component(
  name: string,
  dependsOn: readonly string[] = [],
  annotations: Readonly<Record<string, string>> = {},
): object {
  return {
    apiVersion: "backstage.io/v1alpha1",
    kind: "Component",
    metadata: { name, annotations: { "github.com/project-slug": `example/${name}`, ...annotations } },
    spec: { type: "service", lifecycle: "production", owner: `team-${name}`, dependsOn },
  };
}

export type LogInput = Readonly<Record<string, string | number | boolean>>;

/** One log line; `extra` adds or replaces flat dotted fields. */
export function logLine(minutes: number, service: string, level: string, message: string, extra: LogInput = {}) {
  return { "@timestamp": at(minutes), "service.name": service, "log.level": level, message, ...extra };
}

export interface MetricInput {
  /** RFC 3339. */
  readonly timestamp: string;
  readonly service: string;
  readonly signal: string;
  readonly value: number;
}

/** A series of one sample a minute, the last of them `endMinute` minutes after the default alert. */
export function series(service: string, signal: string, values: readonly number[], endMinute = 0): MetricInput[] {
  return values.map((value, i) => ({ timestamp: at(endMinute - values.length + 1 + i), service, signal, value }));
}

export interface CommitInput {
  readonly message: string;
  /** Path to content; null deletes the file. */
  readonly files: Readonly<Record<string, string | null>>;
  /** RFC 3339; an hour before the default alert unless told. */
  readonly at?: string;
  /** `Name <address>`. */
  readonly author?: string;
}

export interface RecordingInput {
  /** Anything is written as JSON; a string is written as it is. */
  readonly alert?: unknown;
  /** Backstage entities, or the file's text. */
  readonly catalog?: readonly object[] | string;
  readonly logs?: readonly object[];
  readonly metrics?: readonly MetricInput[];
  /** Path below `runbooks/` to the page's text, front matter included. */
  readonly runbooks?: Readonly<Record<string, string>>;
  readonly history?: readonly object[];
  readonly deployments?: readonly object[];
  /** Commits of the upstream's `main`, oldest first; they become `repo.bundle`. */
  readonly repo?: readonly CommitInput[];
  readonly expected?: object | string;
  /** Any other file, or broken content in place of a good one; written last, as it is. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

const run = promisify(execFile);
const made = new Set<string>();

/** Writes a recording into a fresh temp folder and gives its path. Call `cleanupRecordings` in `afterAll`. */
export async function writeRecording(input: RecordingInput = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "oncall-recording-"));
  made.add(dir);
  const files: Record<string, string | Uint8Array> = {
    "alert.json": asText(input.alert ?? alertmanagerBody(), (v) => `${JSON.stringify(v, null, 2)}\n`),
    "catalog.yaml": asText(input.catalog ?? DEFAULT_CATALOG, yamlDocuments),
  };
  if (input.logs) files["logs.ndjson.gz"] = gzipSync(ndjson(input.logs));
  if (input.metrics) files["metrics.csv.gz"] = gzipSync(csv(input.metrics));
  if (input.history) files["history.ndjson.gz"] = gzipSync(ndjson(input.history));
  if (input.deployments) files["deployments.ndjson"] = ndjson(input.deployments);
  if (input.expected) files["expected.yaml"] = asText(input.expected, (v) => stringify(v));
  for (const [path, text] of Object.entries(input.runbooks ?? {})) files[`runbooks/${path}`] = text;
  for (const [path, content] of Object.entries({ ...files, ...input.files })) await write(dir, path, content);
  if (input.repo) await bundle(input.repo, join(dir, "repo.bundle"));
  return dir;
}

/** Removes every recording that this test file wrote. */
export async function cleanupRecordings(): Promise<void> {
  await Promise.all([...made].map((dir) => rm(dir, { recursive: true, force: true })));
  made.clear();
}

async function write(dir: string, path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), content);
}

const asText = <T>(value: T | string, format: (value: T) => string): string =>
  typeof value === "string" ? value : format(value);
const yamlDocuments = (entities: readonly object[]): string => entities.map((e) => `---\n${stringify(e)}`).join("");
const ndjson = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const csv = (rows: readonly MetricInput[]): string =>
  `timestamp,service,signal,value\n${rows.map((r) => `${r.timestamp},${r.service},${r.signal},${r.value}\n`).join("")}`;

/** Commits by fixed authors at fixed times, so that the same input always gives the same commit hashes. */
async function bundle(commits: readonly CommitInput[], target: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "oncall-repo-"));
  made.add(work);
  const git = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    run("git", ["-c", "core.autocrlf=false", "-c", "commit.gpgsign=false", ...args], {
      cwd: work,
      env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", ...env },
    });
  await git(["init", "--quiet", "--initial-branch=main"]);
  for (const commit of commits) {
    for (const [path, content] of Object.entries(commit.files)) {
      if (content === null) await rm(join(work, path));
      else await write(work, path, content);
    }
    const [, name = "Ada", email = "ada@example.test"] = /^(.*) <(.*)>$/.exec(commit.author ?? "") ?? [];
    const date = commit.at ?? at(-60);
    await git(["add", "--all"]);
    await git(["commit", "--quiet", "--allow-empty", "--message", commit.message], {
      ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date },
      ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: date },
    });
  }
  await git(["bundle", "create", "--quiet", target, "main", "HEAD"]);
}
