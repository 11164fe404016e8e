import { join } from "node:path";
import { loadCatalog } from "@oncall-copilot/core";
import { afterAll, describe, expect, it } from "vitest";
import { shelves } from "../../servers/runbooks/src/shelf.ts";
import type { Library, Page } from "../../servers/runbooks/src/store.ts";
import { cleanupRecordings, writeRecording } from "../support/recording.ts";

afterAll(cleanupRecordings);

const whole = { labels: [], version: null, updatedAt: null, editor: null, url: "file://x", anchors: "github" } as const;
const good: Page = { ...whole, id: "good.md", title: "Good", text: "# Good\n" };

describe("a shelf", () => {
  it("leaves out a page that cannot be parsed, says so, and tries it again with the next library", async () => {
    let tries = 0;
    const bad: Page = {
      ...{ ...whole, id: "bad.md", title: "Bad" },
      get text() {
        tries++;
        if (tries === 1) throw new RangeError("Maximum call stack size exceeded");
        return "# Bad\n";
      },
    };
    const libraryOf = (): Library => ({
      ...{ pages: [bad, good], whole: true, deployments: undefined, gaps: ["before"] },
      goneTarget: () => undefined,
    });
    let library = libraryOf();
    const catalog = await loadCatalog(join(await writeRecording(), "catalog.yaml"));
    const open = shelves({ link: "https://wiki.example.test", name: "a store", find: async () => library }, catalog);
    const first = await open({ service: [] }, AbortSignal.timeout(5_000));
    expect([...first.pages.keys()]).toEqual(["good.md"]);
    expect(first.library.gaps).toEqual([
      "before",
      "runbook page bad.md was left out: it cannot be parsed (Maximum call stack size exceeded)",
    ]);
    library = libraryOf();
    const second = await open({ service: [] }, AbortSignal.timeout(5_000));
    expect([...second.pages.keys()]).toEqual(["bad.md", "good.md"]);
    expect(second.library.gaps).toEqual(["before"]);
  });
});
