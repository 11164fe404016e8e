import { createLogger } from "@oncall-copilot/core";
import { runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildServer, configSchema } from "../../servers/logs/src/server.ts";
import { KEY } from "../logs/call.ts";
import { cleanupRecordings, writeRecording } from "../support/recording.ts";
import { END, KINDS, type KnownLine, knownLog } from "./opensearch/known-log.ts";
import { ask, createIndex, loadDocuments } from "./opensearch/load.ts";
import { type RunningOpenSearch, startOpenSearch } from "./opensearch/start.ts";

let opensearch: RunningOpenSearch;
let catalog: string;
const log = knownLog();

beforeAll(async () => {
  opensearch = await startOpenSearch();
  catalog = `${await writeRecording()}/catalog.yaml`;
});
afterAll(async () => {
  await opensearch?.stop();
  await cleanupRecordings();
});

const ecs = ({ at, level, message }: KnownLine) =>
  JSON.stringify({
    "@timestamp": new Date(at).toISOString(),
    "service.name": "storefront",
    "log.level": level,
    message,
  });
const otel = ({ at, level, message }: KnownLine) =>
  JSON.stringify({
    "@timestamp": new Date(at).toISOString(),
    resource: { attributes: { "service.name": "storefront" } },
    ...(level === "info" ? {} : { severity: { text: level.toUpperCase() } }),
    body: message,
  });
/** As pino writes levels. */
const numbered = ({ at, level, message }: KnownLine) =>
  JSON.stringify({
    ...{ "@timestamp": new Date(at).toISOString(), "service.name": "storefront", message },
    "log.level": { error: 50, warn: 40, info: 30 }[level],
  });

interface SetUp {
  readonly env?: Record<string, string>;
  make(index: string): Promise<void>;
  readonly document: (line: KnownLine) => string;
}

const SETUPS: Readonly<Record<string, SetUp>> = {
  text: { make: (index) => createIndex(opensearch.url, index, "text"), document: ecs },
  dynamic: { make: (index) => createIndex(opensearch.url, index, "dynamic"), document: ecs },
  keyword: { make: (index) => createIndex(opensearch.url, index, "keyword"), document: ecs },
  wildcard: { make: (index) => createIndex(opensearch.url, index, "wildcard"), document: ecs },
  match_only_text: { make: (index) => createIndex(opensearch.url, index, "match_only_text"), document: ecs },
  "levels-as-numbers": {
    make: async (index) => {
      const properties = {
        ...{ "@timestamp": { type: "date" }, "service.name": { type: "keyword" } },
        ...{ "log.level": { type: "short" }, message: { type: "text" }, "event.sequence": { type: "long" } },
      };
      await ask(opensearch.url, "PUT", `/${index}`, { mappings: { dynamic: false, properties } });
    },
    document: numbered,
  },
  "otel-v1": {
    env: { ONCALL_LOGS_OPENSEARCH_PRESET: "otel-v1" },
    // Without a mapping of its own but for what Data Prepper's template says of these fields.
    make: async (index) => {
      const properties = { "@timestamp": { type: "date_nanos" }, body: { type: "text" } };
      await ask(opensearch.url, "PUT", `/${index}`, { mappings: { date_detection: false, properties } });
    },
    document: otel,
  },
};

async function serverOf(index: string, env: Record<string, string> = {}): Promise<ServerDefinition> {
  return buildServer(
    configSchema.parse({
      ONCALL_LOGS_OPENSEARCH_URL: opensearch.url,
      ONCALL_LOGS_OPENSEARCH_INDEX: index,
      ONCALL_CATALOG: catalog,
      ONCALL_AS_OF: new Date(END).toISOString(),
      ...env,
    }),
  );
}

interface Answer {
  readonly outcome: string;
  readonly gaps: readonly string[];
  readonly levels: { readonly window: Record<string, number>; readonly before: Record<string, number> };
  readonly patterns: readonly { level: string; count: number; before: number; evidence: { text: string } }[];
  readonly more: string | null;
}

async function call(server: ServerDefinition, args: object): Promise<Answer> {
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  const answer = await runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent") });
  if (answer.isError) throw new Error(answer.text);
  return answer.structured as unknown as Answer;
}

/** Every pattern of every page: how its one line begins, and its counts. */
async function patternsOf(server: ServerDefinition, args: object): Promise<Record<string, readonly [number, number]>> {
  const found: Record<string, readonly [number, number]> = {};
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { patterns, more } = await call(server, cursor === undefined ? args : { ...args, cursor });
    for (const { level, count, before, evidence } of patterns) {
      const [, sample = ""] = evidence.text.split("\n");
      const begins = KINDS.find((one) => sample.startsWith(one.begins))?.begins ?? sample;
      found[`${level} ${begins}`] = [count, before];
    }
    cursor = more;
  }
  return found;
}

const sum = (part: "window" | "before", level: string) =>
  KINDS.filter((one) => one.level === level).reduce((lines, one) => lines + one[part], 0);

describe.each(Object.entries(SETUPS))("tens of thousands of lines, mapped as %s", (name, { env, make, document }) => {
  let server: ServerDefinition;

  beforeAll(async () => {
    const index = `large-${name}`;
    await make(index);
    await loadDocuments(opensearch.url, index, log.map(document));
    server = await serverOf(index, env);
  });
  afterAll(async () => {
    await server.close?.();
  });

  it("are counted to the line, and the one line among them is found", async () => {
    const expected = KINDS.map(({ level, begins, window, before }) => [`${level} ${begins}`, [window, before]]);
    expect(await patternsOf(server, { service: "storefront" })).toEqual(Object.fromEntries(expected));
  });

  it("are counted by level, and it is said how the patterns were found", async () => {
    const { levels, gaps } = await call(server, { service: "storefront" });
    for (const level of ["error", "warn", "info"]) {
      expect([level, levels.window[level], levels.before[level]]).toEqual([
        level,
        sum("window", level),
        sum("before", level),
      ]);
    }
    expect(gaps).toContainEqual(
      expect.stringMatching(
        /^patterns found in samples of error \(\d+ of 17029 lines read\), .*: they cover every line$/,
      ),
    );
  });

  it("are searched for a text, truthfully or with what differs", async () => {
    const [whole, part] = [
      await call(server, { service: "storefront", contains: "The Bank SAID no" }),
      await call(server, { service: "storefront", contains: "out of balan" }),
    ];
    expect(whole.levels.window["error"]).toBe(9_000);
    const byWords = !["dynamic", "keyword", "wildcard"].includes(name);
    expect(part.outcome).toBe(byWords ? "nothing_found" : "found");
    expect(part.gaps.some((gap) => gap.includes("searched as whole words"))).toBe(byWords);
  });
});

describe("stack traces that were logged line by line", () => {
  it("are joined where they are read, and are no patterns of their own where they are too many", async () => {
    await createIndex(opensearch.url, "traces", "text");
    const at = (index: number) => END - 29 * 60_000 + index * 100;
    const lines = Array.from({ length: 9_000 }, (_, index): KnownLine => {
      const message =
        ["checkout crashed", "    at send (/app/pay.js:3:1)", "    at main (/app/main.js:9:2)"][index % 3] ?? "";
      return { at: at(index), level: "error", message };
    });
    await loadDocuments(opensearch.url, "traces", lines.map(ecs));
    const server = await serverOf("traces");
    const few = await call(server, { service: "storefront", from: "-16m", to: "-15m" });
    expect(few.patterns).toHaveLength(1);
    expect(few.patterns[0]?.evidence.text).toContain("checkout crashed\n    at send");
    const many = await patternsOf(server, { service: "storefront" });
    expect(Object.keys(many)).toEqual(["error checkout crashed"]);
    expect((await call(server, { service: "storefront" })).gaps).toContainEqual(
      "error: 6000 lines are parts of stack traces that were logged line by line and could not be joined to their first line",
    );
    await server.close?.();
  });
});
