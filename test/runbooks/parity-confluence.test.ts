import { posix } from "node:path";
import { httpClient } from "@oncall-copilot/core/backend";
import type { CallResult } from "@oncall-copilot/core/server";
import { encode } from "gpt-tokenizer";
import { afterEach, describe, expect, it } from "vitest";
import type { RunbookOutput } from "../../servers/runbooks/src/output.ts";
import type { Page, RunbookStore } from "../../servers/runbooks/src/store.ts";
import { markdownOf } from "../../servers/runbooks/src/stores/confluence/storage/markdown.ts";
import { confluenceRunbooks } from "../../servers/runbooks/src/stores/confluence.ts";
import { deploymentsIn } from "../../servers/runbooks/src/stores/deployments.ts";
import { recordedRunbooks } from "../../servers/runbooks/src/stores/recording.ts";
import { type PretendPage, startConfluence } from "../support/confluence/server.ts";
import { storageOf } from "../support/confluence/to-storage.ts";
import { closeServers } from "../support/http/server.ts";
import { call, openParity, RECORDINGS } from "./questions.ts";

afterEach(closeServers);

/** Where lines are broken, how lists and emphasis are written and what a link leads to differ by nature; the words do not. */
const words = (text: string) =>
  text
    .replace(/\]\([^)]*\)/g, "]")
    .replace(/(?<![\w`])_([^_\n]+)_(?![\w`])/g, "*$1*")
    .replace(/^(\s*)(?:[-*]|\d+[.)]) +/gm, "$1- ")
    .replace(/\|[ -]*(?:\|[ -]*)+\|/g, "|---|")
    .replace(/\s+/g, " ")
    .trim();

const sectionsIn = ({ structured }: CallResult) => (structured as unknown as RunbookOutput).sections;

async function loaded(name: (typeof RECORDINGS)[number], kind: "cloud" | "data-center") {
  const parity = await openParity(name);
  const { recording } = parity;
  const recorded = recordedRunbooks(recording);
  const library = await recorded.find({ service: [] }, AbortSignal.timeout(5_000));
  const titleOf = new Map(library.pages.map(({ id, title }) => [id, title]));
  const storage = ({ id, text }: Page) => storageOf(text, (link) => titleOf.get(posix.join(posix.dirname(id), link)));
  const idOf = (index: number) => String(1_000 + index);
  const kept = library.pages.map(
    (page, index): PretendPage => ({
      ...{ id: idOf(index), title: page.title, labels: page.labels, version: Number(page.version), by: "Ada" },
      when: new Date(page.updatedAt ?? 0).toISOString(),
      storage: storage(page),
    }),
  );
  const { url, received } = await startConfluence({ kind, pages: kept });
  const base = new URL(kind === "cloud" ? "/wiki" : "/confluence", url);
  const anchors = `confluence-${kind}` as const;
  const confluence = confluenceRunbooks({
    ...{ name: "Confluence", base, spaces: ["OPS"], maxWhole: 500, now: () => recording.asOf, anchors },
    http: httpClient({ name: "Confluence", url: base, variables: { url: "U", credentials: "C", ca: "A" } }),
    deployments: deploymentsIn(recording.path("deployments")),
  });
  /** The recording, its pages worded and addressed as Confluence has them. */
  const pages = await Promise.all(
    library.pages.map(
      async (page, index): Promise<Page> => ({
        ...{ ...page, id: idOf(index), editor: "Ada", url: `${base.href}/spaces/OPS/pages/${idOf(index)}`, anchors },
        text: await markdownOf(storage(page), { base: base.href, space: "OPS" }),
      }),
    ),
  );
  const gone = await confluence.find({ service: [] }, AbortSignal.timeout(5_000));
  const reworded: RunbookStore = { name: confluence.name, link: confluence.link, find: async () => rewordedLibrary };
  const rewordedLibrary = { ...library, pages, goneTarget: gone.goneTarget };
  return { ...parity, recorded, reworded, confluence, library, pages, received };
}

describe.each(RECORDINGS)("the runbooks of %s kept in Confluence", (name) => {
  it("keep every word", async () => {
    const { library, pages } = await loaded(name, "cloud");
    for (const [index, { id, text }] of library.pages.entries())
      expect(words(pages[index]?.text ?? ""), id).toBe(words(text));
  });

  it.each(["cloud", "data-center"] as const)(
    "of %s give the answers that the recording gives, receipts included",
    async (kind) => {
      const { serverOf, questions, reworded, recorded, confluence, received } = await loaded(name, kind);
      const [same, original, live] = [serverOf(reworded), serverOf(recorded), serverOf(confluence)];
      const before = received.length;
      let tokens = 0;
      for (const question of questions) {
        const given = await call(live, question);
        expect(given).toEqual(await call(same, question));
        // Against the folder itself: another address makes a page longer, so it may be cut into other sections, no more than that.
        const expected = await call(original, question);
        expect(given.structured["outcome"]).toBe(expected.structured["outcome"]);
        const [ours] = sectionsIn(given);
        const [theirs] = sectionsIn(expected);
        expect([ours?.title, ours?.fit, ours?.version, ours?.updated]).toEqual([
          theirs?.title,
          theirs?.fit,
          theirs?.version,
          theirs?.updated,
        ]);
        if (ours?.section === theirs?.section)
          expect(words(ours?.evidence.text ?? "")).toBe(words(theirs?.evidence.text ?? ""));
        if (!("limit" in question)) tokens = Math.max(tokens, encode(given.text).length);
      }
      expect(received.length - before).toBe(questions.length); // one list a call, the texts are kept
      expect(tokens).toBeLessThanOrEqual(1_500);
    },
    60_000,
  );
});
