import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { causeOf, type Incident } from "./history/incidents.ts";
import { evenly, lastOfItsKind, returning } from "./history/returning.ts";
import type { Question } from "./runbooks/questions.ts";
import { scoreRetrieval } from "./runbooks/retrieval.ts";
import { escapeHtml } from "./scoreboard/html.ts";
import { readParts, withoutParts } from "./without-parts.ts";

const HOUR = 3_600_000;

function incident(id: string, start: number, cause: string | null, given: Partial<Incident> = {}): Incident {
  return {
    id,
    fingerprint: null,
    alert: "ErrorsHigh",
    service: "checkout",
    summary: "",
    started_at: start * HOUR,
    resolved_at: (start + 1) * HOUR,
    root_cause: cause,
    ...given,
  };
}

describe("incidents that history can help with", () => {
  it("are those whose cause was known when they began", () => {
    const incidents = [
      incident("first", 0, "pool exhausted after 3 deployments"),
      incident("too-soon", 0.5, "pool exhausted after 4 deployments"),
      incident("again", 5, "Pool exhausted  after 9 deployments"),
      incident("new", 6, "disk full"),
      incident("unknown", 7, null),
    ];
    expect(returning(incidents).map(({ id }) => id)).toEqual(["again"]);
  });

  it("are told alike whatever figures, commits and blanks their cause has", () => {
    const causes = ["revert of 3f2a9c1 after 12 m", "revert of b81e004 after 7 m", "revert of <commit> after <n> m"];
    expect(new Set(causes.map((cause) => causeOf({ root_cause: cause }))).size).toBe(1);
  });

  it("are held against the last ones of the same alert and service that were over", () => {
    const asked = incident("now", 10, "x");
    const past = [
      incident("old", 1, "x"),
      incident("recent", 5, "y"),
      incident("open", 6, "x", { resolved_at: null }),
      incident("elsewhere", 7, "x", { service: "pricing" }),
      incident("later", 11, "x"),
    ];
    expect(lastOfItsKind([...past, asked], asked, 5).map(({ id }) => id)).toEqual(["recent", "old"]);
  });

  it("are spread evenly when there are too many", () => {
    expect(evenly([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5)).toEqual([0, 2, 4, 6, 8]);
    expect(evenly([1, 2], 5)).toEqual([1, 2]);
  });
});

describe("the retrieval of runbooks", () => {
  const question = (alertname: string, expected: string[]): Question => ({
    alertname,
    service: "x",
    summary: "",
    description: "",
    expected,
  });

  it("scores hits where there is a page, and silence where there is none", () => {
    const answers: Record<string, string[]> = {
      A: ["runbooks/a.md"],
      B: ["other/b.md", "pages/b.md"],
      C: [],
      D: ["pages/a.md"],
    };
    const questions = [question("A", ["a.md"]), question("B", ["b.md"]), question("C", []), question("D", [])];
    expect(scoreRetrieval(questions, ({ alertname }) => answers[alertname] ?? [])).toEqual({
      hit1: { hits: 1, of: 2 },
      hit3: { hits: 2, of: 2 },
      hit5: { hits: 2, of: 2 },
      saidNone: { hits: 1, of: 2 },
    });
  });
});

describe("withholding parts of a recording", () => {
  let work = "";
  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), "oncall-parts-"));
  });
  afterAll(() => rm(work, { recursive: true }));

  it("leaves out their files and keeps the rest under the recording's name", async () => {
    const recording = join(work, "pool-exhausted");
    await mkdir(recording);
    for (const file of ["alert.json", "catalog.yaml", "logs.ndjson.gz", "repo.bundle", "deployments.ndjson"]) {
      await writeFile(join(recording, file), "");
    }
    const folder = await withoutParts(recording, readParts("changes, history"), join(work, "work"));
    expect(basename(folder)).toBe("pool-exhausted");
    expect((await readdir(folder)).sort()).toEqual(["alert.json", "catalog.yaml", "logs.ndjson.gz"]);
  });

  it("refuses a part that there is not, with those that there are", () => {
    expect(() => readParts("traces")).toThrow(/logs, metrics, runbooks, history, changes/);
  });
});

it("nothing that a stranger wrote is markup in the scoreboard", () => {
  expect(escapeHtml(`<a href="x" onclick='y'>&`)).toBe("&#60;a href=&#34;x&#34; onclick=&#39;y&#39;&#62;&#38;");
});
