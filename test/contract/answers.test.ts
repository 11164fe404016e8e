import { join } from "node:path";
import { collectEvidence, EvidenceKey, readMarks, verifyEvidence } from "@oncall-copilot/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TRANSPORTS, type TransportName } from "../support/mcp/connect.ts";
import { endProcesses, FIXED_KEY } from "../support/mcp/process.ts";
import { type BuiltServer, discoverServers } from "../support/mcp/servers.ts";
import { casesOf } from "./cases.ts";
import { CREDENTIAL, type Fixture, makeFixture } from "./fixture.ts";
import { SNAPSHOTS } from "./snapshots.ts";
import { defaultArguments, fencedIds, open, type Reply } from "./world.ts";

const KEY = new EvidenceKey(Buffer.from(FIXED_KEY, "hex"));

let fixture: Fixture;
beforeAll(async () => {
  fixture = await makeFixture();
});
afterAll(async () => {
  await endProcesses();
  await fixture.remove();
});

type Replies = ReadonlyMap<string, Reply>;

/** Each tool's default call, and one for each other outcome, over one transport. */
async function everyOutcome(over: TransportName, server: BuiltServer): Promise<ReadonlyMap<string, Replies>> {
  const cases = Object.entries(casesOf(server));
  const opened = await open(over, server, fixture.dir);
  const blind = await open(over, server, fixture.bare);
  const all = new Map<string, Replies>();
  for (const [tool, test] of cases) {
    const args = await defaultArguments(test, fixture, opened);
    const replies = new Map<string, Reply>([["found", await opened.call(tool, args)]]);
    if (!("never" in test.nothing)) replies.set("nothing_found", await opened.call(tool, test.nothing));
    replies.set("bad_request: unknown service", await opened.call(tool, { ...args, service: "pricin" }));
    replies.set("bad_request: unknown argument", await opened.call(tool, { ...args, servise: "x" }));
    replies.set("bad_request: wrong type", await opened.call(tool, { ...args, service: ["pricing"] }));
    replies.set("could_not_look", await blind.call(tool, args));
    all.set(tool, replies);
  }
  await opened.close();
  await blind.close();
  return all;
}

for (const server of discoverServers()) {
  const answers = new Map<TransportName, ReadonlyMap<string, Replies>>();
  const asked = async (over: TransportName) => {
    const known = answers.get(over) ?? (await everyOutcome(over, server));
    answers.set(over, known);
    return known;
  };

  for (const tool of Object.keys(casesOf(server))) {
    describe(`${tool} of ${server.name}`, () => {
      const replies = new Map<TransportName, Replies>();
      beforeAll(async () => {
        for (const over of TRANSPORTS) replies.set(over, (await asked(over)).get(tool) ?? new Map());
      });

      const outcomes = () => [...(replies.get("stdio") ?? [])];

      it("reads as it is written down, whatever comes out of it", async () => {
        const whole = outcomes().map(([outcome, { text }]) => `${"=".repeat(20)} ${outcome}\n${text}\n`);
        await expect(whole.join("\n")).toMatchFileSnapshot(join(SNAPSHOTS, "answers", `${tool}.txt`));
      });

      it("says the same over stdio, over HTTP and in process, as text and as data", () => {
        expect(outcomes().length).toBeGreaterThan(4);
        expect(replies.get("http")).toEqual(replies.get("stdio"));
        expect(replies.get("in process")).toEqual(replies.get("stdio"));
      });

      it("keeps the four outcomes apart", () => {
        for (const [name, { structured, isError }] of outcomes()) {
          expect(structured["outcome"], name).toBe(name.split(":")[0]);
          expect(isError).toBe(/^(could_not_look|bad_request)/.test(name));
        }
      });

      it("carries the same evidence as text and as data, and each receipt verifies", () => {
        for (const [outcome, { structured, text }] of outcomes()) {
          const evidence = [...collectEvidence(structured).values()];
          // What a proposal cites is handed in, not given out.
          if (outcome === "found" && tool !== "open_pr") expect(evidence.length).toBeGreaterThan(0);
          expect(fencedIds(text)).toEqual(evidence.map(({ id }) => id));
          for (const item of evidence) {
            expect(verifyEvidence(KEY, item)).toBe(true);
            expect(item.id.startsWith(server.letter)).toBe(true);
            expect(text).toContain(item.text);
          }
        }
      });

      it("names what was left out or searched in its first line, and gives no evidence unless it looked", () => {
        for (const [outcome, { structured, text }] of outcomes()) {
          if (outcome === "found") expect(text.split("\n")[0]).toBe(String(structured["summary"]).split("\n")[0]);
          else {
            // That something was looked for and is not there is evidence; a question that could not be asked gives none.
            const items = [...collectEvidence(structured).values()];
            expect(
              items.map(({ shows }) => readMarks(shows).map((mark) => mark.shows)),
              outcome,
            ).toEqual(outcome === "nothing_found" ? [["absent"]] : []);
          }
          if (outcome === "nothing_found") {
            expect(structured["searched"]).toEqual(expect.stringMatching(/\w/));
            expect(structured["try_next"]).toEqual(expect.arrayContaining([expect.any(String)]));
          }
        }
      });

      it("offers the nearest services for one that the catalog does not have", () => {
        const reply = replies.get("stdio")?.get("bad_request: unknown service");
        expect(reply?.text).toContain("did you mean pricing");
      });

      it("refuses an unknown argument with the valid ones", () => {
        const reply = replies.get("stdio")?.get("bad_request: unknown argument");
        expect(reply?.text).toContain("servise");
        expect(reply?.text).toContain("valid arguments: service (required)");
      });

      it("never shows a credential that was in what it read", () => {
        expect(JSON.stringify(outcomes())).not.toContain(CREDENTIAL);
      });
    });
  }
}
