import { join } from "node:path";
import { createLogger, loadCatalog } from "@oncall-copilot/core";
import { openRecording, type Recording } from "@oncall-copilot/core/recording";
import { defineServer, runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLogs } from "../../servers/logs/src/read-logs.ts";
import { buildServer, configSchema } from "../../servers/logs/src/server.ts";
import type { LogStore } from "../../servers/logs/src/store.ts";
import { openOpenSearch } from "../../servers/logs/src/stores/opensearch/open.ts";
import { KEY } from "../logs/call.ts";
import { javaFor, type Major, NODES } from "./opensearch/install.ts";
import { createIndex, linesOf, loadDocuments, MESSAGE_MAPPINGS, type MessageMappingName } from "./opensearch/load.ts";
import { type RunningOpenSearch, startOpenSearch } from "./opensearch/start.ts";

const RECORDINGS = join(import.meta.dirname, "../recordings");
/** The real nodes, and the ways to map messages that are tried on each: what the versions differ in is not in the mapping. */
const RUNS: readonly { readonly major: Major; readonly mappings: readonly MessageMappingName[] }[] = [
  { major: 2, mappings: Object.keys(MESSAGE_MAPPINGS) as MessageMappingName[] },
  { major: 3, mappings: ["dynamic", "text"] },
];
let opensearch: RunningOpenSearch;

async function call(server: ServerDefinition, args: object) {
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  return runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent") });
}

const environment = (index: string, recording: Recording): Record<string, string> => ({
  ONCALL_LOGS_OPENSEARCH_URL: opensearch.url,
  ONCALL_LOGS_OPENSEARCH_INDEX: index,
  ONCALL_CATALOG: recording.path("catalog") ?? "",
  ONCALL_AS_OF: new Date(recording.asOf).toISOString(),
});

/** The same server, but its evidence links to the recording: then a whole answer can be compared, receipts included. */
async function withTheRecordingsLinks(index: string, recording: Recording): Promise<ServerDefinition> {
  const config = configSchema.parse(environment(index, recording));
  const catalog = await loadCatalog(recording.path("catalog") ?? "");
  const { store } = openOpenSearch(opensearch.url, config, catalog, () => recording.asOf);
  const linked: LogStore = {
    read: async (query, options) => {
      const reading = await store.read(query, options);
      const patterns = reading.patterns.map((pattern) => {
        const document = /\/_doc\/(L\d+)$/.exec(pattern.sample.url)?.[1];
        return { ...pattern, sample: { ...pattern.sample, url: recording.url("logs", document) } };
      });
      // How patterns were found is said of a search engine alone, and takes room.
      const gaps = reading.gaps.filter((gap) => !gap.startsWith("patterns found in samples of "));
      return { ...reading, patterns, gaps, url: recording.url("logs") };
    },
  };
  return defineServer({ ...(await buildServer(config)), tools: [readLogs({ store: linked, catalog })] });
}

const lacking: Major[] = [];
for (const { major } of RUNS) if ((await javaFor(major)) === undefined) lacking.push(major);
for (const major of lacking) {
  process.stderr.write(`NOT RUN: OpenSearch ${major} wants Java ${NODES[major].java}, and this machine has none\n`);
}

describe.each(RUNS.filter(({ major }) => !lacking.includes(major)))(
  "in a real OpenSearch $major",
  ({ major, mappings }) => {
    beforeAll(async () => {
      opensearch = await startOpenSearch(major);
    });
    afterAll(async () => {
      await opensearch?.stop();
    });

    describe.each(["bad-deployment-three-hops", "healthy-peak"])("the recording %s", (name) => {
      let recording: Recording;
      let fromRecording: ServerDefinition;

      beforeAll(async () => {
        recording = await openRecording(join(RECORDINGS, name));
        fromRecording = await buildServer(configSchema.parse({ ONCALL_RECORDING: recording.dir }));
        for (const message of mappings) {
          const index = `${name}-${message}`;
          await createIndex(opensearch.url, index, message, message === "text" ? "date_nanos" : "date");
          await loadDocuments(opensearch.url, index, linesOf(recording.path("logs") ?? ""));
        }
      });

      describe.each(mappings)("with its messages mapped as %s", (message) => {
        it.each([
          { service: "storefront" },
          { service: "storefront", level: "error" },
          { service: "storefront", contains: "FAILED: upstreamerr" },
          { service: "storefront", from: "-5m", level: "info" },
          { service: "catalogue", from: "-20m", to: "-3m" },
          { service: "accounts", contains: "no line says this" },
          { service: "offers-db" },
          { service: "checkout", from: "-2m" },
          { service: "pricing" },
          { service: "pricing", level: "error" },
          { service: "promotions" },
          { service: "checkout" },
        ])("gives the same answer to %j, to the last byte of each receipt", async (args) => {
          const same = await withTheRecordingsLinks(`${name}-${message}`, recording);
          const [expected, answer] = [await call(fromRecording, args), await call(same, args)];
          expect(expected.isError).toBe(false);
          expect(answer.text).toBe(expected.text);
          expect(answer.structured).toEqual(expected.structured);
        });
      });
    });
  },
);
