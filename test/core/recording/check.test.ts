import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { checkRecording } from "../../../core/src/recording/check.ts";
import { openRecording } from "../../../core/src/recording/recording.ts";
import {
  alertmanagerBody,
  at,
  cleanupRecordings,
  logLine,
  type RecordingInput,
  series,
  writeRecording,
} from "../../support/recording.ts";

afterAll(cleanupRecordings);

/** The problems as the command prints them. */
async function check(input: RecordingInput): Promise<string[]> {
  const problems = await checkRecording(await writeRecording(input));
  return problems.map(
    ({ severity, file, line, message }) => `${severity} ${file}${line === undefined ? "" : `:${line}`} ${message}`,
  );
}

const commits = [
  { message: "start", files: { "services/pricing/app.js": "1\n" }, at: at(-600) },
  { message: "second", files: { "services/pricing/app.js": "2\n" }, at: at(-60) },
];
const incident = {
  id: "INC-1",
  fingerprint: "aa",
  alert: "HighErrorRate",
  service: "checkout",
  severity: "critical",
  summary: "errors",
  started_at: at(-9000),
  resolved_at: at(-8960),
  root_cause: "pool too small",
  fix: "reverted",
  fix_worked: true,
  pr_url: null,
};
const page = "---\ntitle: Checkout errors\nlabels: [checkout]\nversion: 3\nupdated: 2026-01-10\n---\n# Steps\n";
const expected = {
  root_cause: { service: "pricing", kind: "service", accept: [], detail: "pool" },
  family: "bad_deployment",
  injected_at: at(-60),
  fix: null,
  source: "made for a test",
};
const whole: RecordingInput = {
  logs: [logLine(-10, "storefront", "INFO", "up"), logLine(-1, "checkout", "error", "boom", { "trace.id": "ab" })],
  metrics: series("checkout", "error_ratio", [0, 0.01, 0.4]),
  runbooks: { "checkout/errors.md": page },
  history: [incident, { ...incident, id: "INC-2", resolved_at: null, root_cause: null, fix: null, fix_worked: null }],
  repo: commits,
  expected,
};

describe("a recording that fits the format", () => {
  it("has no problems with every file there", async () => {
    expect(await check(whole)).toEqual([]);
  });

  it("has no problems with the alert and the catalog alone", async () => {
    expect(await check({})).toEqual([]);
  });

  it("may have its text files unpacked lines in Windows form", async () => {
    const metrics = gzipSync(`timestamp,service,signal,value\r\n${at(-1)},checkout,error_ratio,0.1\r\n`);
    expect(await check({ files: { "metrics.csv.gz": metrics } })).toEqual([]);
  });
});

describe("the check of the folder", () => {
  it("says that it is not a folder", async () => {
    expect(await checkRecording("/nowhere/at/all")).toEqual([
      { severity: "error", file: "/nowhere/at/all", message: "is not a folder; name the recording's folder" },
    ]);
  });

  it("points at misspelt names, which would go missing without a word", async () => {
    expect(await check({ files: { "logs.ndjson": "" } })).toEqual([
      "warning logs.ndjson is no part of a recording and is not read; did you mean logs.ndjson.gz?",
    ]);
  });

  it("warns of a recording too large to commit", async () => {
    const noise = Buffer.from(Array.from({ length: 2_200_000 }, (_, i) => (i * 7919 + (i >> 8)) & 255));
    const [first] = await check({ files: { "NOTES.md": noise } });
    expect(first).toMatch(/^warning \. the recording has 2\.1 MB; keep one that is to be committed below 2 MB$/);
  });
});

describe("the check of the alert and the catalog", () => {
  it.each(["alert.json", "catalog.yaml"])("asks for both: %s", async (file) => {
    const dir = await writeRecording({});
    await rm(join(dir, file));
    expect((await checkRecording(dir)).map(({ file, message }) => `${file} ${message}`)).toEqual([
      `${file} is missing; every recording must have it`,
    ]);
  });

  it("says of a folder that has neither what a recording needs, and nothing of what else is in it", async () => {
    const dir = await mkdtemp(join(tmpdir(), "oncall-no-recording-"));
    await writeFile(join(dir, "holiday.jpg"), "");
    const [problem, ...others] = await checkRecording(dir);
    expect(others).toEqual([]);
    expect(problem?.message).toMatch(
      /^is no recording: a recording needs alert\.json and catalog\.yaml, and may have logs\.ndjson\.gz, .*\(docs\/recordings\.md\)$/,
    );
    await expect(openRecording(dir)).rejects.toThrow(/has no alert\.json; a recording needs alert\.json and catalog/);
  });

  it("says what is wrong with an alert of no known kind", async () => {
    expect(await check({ alert: { hello: 1 } })).toEqual([
      expect.stringMatching(/^error alert\.json the payload is not a known alert; it must be an Alertmanager/),
    ]);
    expect(await check({ alert: "{" })).toEqual([expect.stringMatching(/^error alert\.json is not JSON/)]);
  });

  it("names references of the catalog that lead nowhere", async () => {
    const catalog = [
      { kind: "Component", metadata: { name: "storefront" }, spec: { dependsOn: ["component:default/ghost"] } },
    ];
    expect(await check({ catalog })).toEqual([
      "warning catalog.yaml storefront -> component:default/ghost leads nowhere; add the entity or drop the reference",
    ]);
  });

  it("says where a catalog is not YAML", async () => {
    expect(await check({ catalog: "kind: [Component\n" })).toEqual([
      expect.stringMatching(/^error catalog\.yaml catalog\.yaml, document 1: /),
    ]);
  });
});

describe("the check of the logs", () => {
  it("names line, field, what is there and what would be right", async () => {
    const logs = [
      { ...logLine(-3, "checkout", "info", "x"), "@timestamp": "yesterday" },
      { "@timestamp": at(-2), "service.name": "checkout", message: "y", k8s: { pod: "z" } },
      { "@timestamp": at(-1), message: "y" },
    ];
    expect(await check({ logs })).toEqual([
      'error logs.ndjson.gz:1 @timestamp is "yesterday"; it must be RFC 3339 with a zone, such as 2026-03-01T10:00:00Z',
      'error logs.ndjson.gz:2 k8s is {"pod":"z"}; it must be a string, a number or a truth value; nested objects become flat keys such as "k8s.pod.name"',
      "error logs.ndjson.gz:3 service.name is missing; it must be a name of the catalog",
    ]);
  });

  it("wants them sorted by time", async () => {
    const logs = [logLine(-1, "checkout", "info", "b"), logLine(-2, "checkout", "info", "a")];
    expect(await check({ logs })).toEqual([
      `error logs.ndjson.gz:2 @timestamp ${at(-2)} is earlier than ${at(-1)} before it; sort the file by @timestamp`,
    ]);
  });

  it("warns once of each service that the catalog does not have", async () => {
    const logs = [logLine(-2, "chekout", "info", "a"), logLine(-1, "chekout", "info", "b")];
    expect(await check({ logs })).toEqual([
      'warning logs.ndjson.gz:1 service.name "chekout" is not in catalog.yaml (2 rows); did you mean "checkout"?',
    ]);
  });

  it("warns of levels that it does not know", async () => {
    expect(await check({ logs: [logLine(-1, "checkout", "loud", "a")] })).toEqual([
      'warning logs.ndjson.gz:1 log.level is "loud" and counts as info; known are trace, debug, info, warn, error, fatal',
    ]);
  });

  it("sees that nobody could see a line of it", async () => {
    const [only] = await check({ logs: [logLine(6, "checkout", "info", "too late")] });
    expect(only).toContain("error logs.ndjson.gz begins at 2026-03-01T10:06:00.000Z, after the recording's as-of");
  });

  it("judges that by the alert's own time", async () => {
    const alert = alertmanagerBody({ startsAt: at(30) });
    expect(await check({ alert, logs: [logLine(31, "checkout", "info", "in time")] })).toEqual([]);
  });

  it("tells a kind of problem five times and then counts", async () => {
    const logs = Array.from({ length: 12 }, () => ({ "@timestamp": at(-1), message: "no service" }));
    const problems = await check({ logs });
    expect(problems).toHaveLength(6);
    expect(problems[5]).toBe("error logs.ndjson.gz 7 more of this kind: service.name must be a name of the catalog");
  });

  it("says where a line is not JSON and where the packing is broken", async () => {
    const good = `${JSON.stringify(logLine(-1, "checkout", "info", "a"))}\n`;
    expect(await check({ files: { "logs.ndjson.gz": gzipSync(`${good}{oops\n`) } })).toEqual([
      expect.stringMatching(/^error logs\.ndjson\.gz:2 is not JSON \(.*\); each line must be one JSON object$/),
    ]);
    const cut = gzipSync(good.repeat(200)).subarray(0, 60);
    expect(await check({ files: { "logs.ndjson.gz": cut } })).toEqual([
      expect.stringMatching(/^error logs\.ndjson\.gz .*cannot be read.*; pack it again with gzip$/),
    ]);
    expect(await check({ files: { "logs.ndjson.gz": good } })).toEqual([
      expect.stringMatching(/^error logs\.ndjson\.gz .*incorrect header check.*; pack it again with gzip$/),
    ]);
  });
});

describe("the check of the metrics", () => {
  const metrics = (text: string) => check({ files: { "metrics.csv.gz": gzipSync(text) } });
  const header = "timestamp,service,signal,value\n";

  it("wants the header as it is written", async () => {
    expect(await metrics("time,service,signal,value\n")).toEqual([
      'error metrics.csv.gz:1 the header is "time,service,signal,value"; it must be "timestamp,service,signal,value"',
    ]);
    expect(await metrics("")).toEqual([
      'error metrics.csv.gz is empty; it must begin with "timestamp,service,signal,value"',
    ]);
  });

  it("wants four columns, numbers and snake_case", async () => {
    const rows = `${at(-3)},checkout,error_ratio\n${at(-2)},checkout,error_ratio,NaN\n${at(-1)},checkout,ErrorRatio,1\n`;
    expect(await metrics(header + rows)).toEqual([
      "error metrics.csv.gz:2 has 3 columns; it must have 4: timestamp,service,signal,value",
      'error metrics.csv.gz:3 value is "NaN"; it must be a decimal number; a period without a value has no row',
      'error metrics.csv.gz:4 signal is "ErrorRatio"; it must be snake_case with the unit last, such as latency_p99_seconds',
    ]);
  });

  it("warns of other units than the base units", async () => {
    const rows = `${at(-1)},checkout,latency_p99_ms,12\n${at(-1)},checkout,error_ratio,12\n`;
    expect(await metrics(header + rows)).toEqual([
      'warning metrics.csv.gz:2 signal "latency_p99_ms" is not in a base unit; convert it and let its name end in _seconds',
      "warning metrics.csv.gz:3 error_ratio is 12; a share is from 0 to 1",
    ]);
  });
});

describe("the check of the history", () => {
  it("wants unique ids, and an end after the beginning", async () => {
    const history = [incident, { ...incident, resolved_at: at(-9001) }];
    expect(await check({ history })).toEqual([
      'error history.ndjson.gz:2 id "INC-1" is taken by line 1; ids must be unique',
      `error history.ndjson.gz:2 resolved_at ${at(-9001)} is before started_at ${at(-9000)}; an incident ends after it begins`,
    ]);
  });

  it("wants null, not an empty word, for what nobody knows", async () => {
    expect(await check({ history: [{ ...incident, fix_worked: "yes", resolved_at: "" }] })).toEqual([
      'error history.ndjson.gz:1 resolved_at is ""; it must be RFC 3339 with a zone, or null while the incident is open',
      'error history.ndjson.gz:1 fix_worked is "yes"; it must be true, false, or null when unknown',
    ]);
  });
});

describe("the check of the repository and the deployments", () => {
  it("reads the whole bundle, not only its header", async () => {
    const { readFile } = await import("node:fs/promises");
    const bundle = await readFile(`${await writeRecording({ repo: commits })}/repo.bundle`);
    const flipped = Buffer.from(bundle);
    const middle = bundle.indexOf("PACK") + 40;
    flipped[middle] = (flipped[middle] ?? 0) ^ 0xff;
    for (const broken of [flipped, bundle.subarray(0, bundle.length - 30), Buffer.from("not a bundle\n")]) {
      expect(await check({ files: { "repo.bundle": broken } })).toEqual([
        expect.stringMatching(
          /^error repo\.bundle git cannot read it \(.+\); it must be a whole bundle: git bundle create/,
        ),
      ]);
    }
  });

  it("wants revisions that the bundle has", async () => {
    const revision = "0123456789abcdef0123456789abcdef01234567";
    const row = { service: "pricing", revision, at: at(-60), by: "argocd" };
    expect(await check({ repo: commits, deployments: [row] })).toEqual([
      `warning deployments.ndjson:1 revision ${revision} is not in repo.bundle; bundle the whole history, or nobody can see what was deployed`,
    ]);
    expect(await check({ deployments: [row, { ...row, revision: "abc", at: at(-61) }] })).toEqual([
      'error deployments.ndjson:2 revision is "abc"; it must be a full commit id in lower-case hex',
    ]);
  });
});

describe("the check of runbooks and of the right answer", () => {
  it("wants front matter with a title", async () => {
    const runbooks = {
      "a.md": "# no front matter\n",
      "b.md": "---\nlabels: checkout\n---\n",
      "c.md": "---\na: [\n---\n",
    };
    expect(await check({ runbooks })).toEqual([
      "error runbooks/a.md:1 has no front matter; it must begin with --- and lines for title, labels, version and updated",
      "error runbooks/b.md:1 title is missing; it must be a string",
      'error runbooks/b.md:1 labels is "checkout"; it must be a list of services, alerts and topics',
      expect.stringMatching(/^error runbooks\/c\.md:\d the front matter is not YAML/),
    ]);
  });

  it("wants the culprit in the catalog and in the bundle", async () => {
    const wrong = {
      ...expected,
      root_cause: { service: "pricing-dv", kind: "resource" },
      fix: { files: ["a"], culprit_commit: "abcdef0123" },
    };
    expect(await check({ repo: commits, expected: wrong })).toEqual([
      'error expected.yaml root_cause.service "pricing-dv" is not in catalog.yaml; did you mean "pricing"?',
      "error expected.yaml fix.culprit_commit abcdef0123 is not in repo.bundle; name a commit that main reaches",
    ]);
    expect(await check({ expected: { ...expected, family: "gremlins" } })).toEqual([
      expect.stringMatching(/^error expected\.yaml family is "gremlins"; it must be bad_deployment, /),
    ]);
  });
});
