import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "@oncall-copilot/core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { configSchema } from "../../../servers/runbooks/src/server.ts";
import { openConfluence } from "../../../servers/runbooks/src/stores/confluence/open.ts";
import { startConfluence } from "../../support/confluence/server.ts";
import { closeServers } from "../../support/http/server.ts";
import { cleanupRecordings, writeRecording } from "../../support/recording.ts";
import { ask, asked, CLOUD, CLOUD_LOGIN, confluenceServer, LATENCY } from "./ask.ts";

afterEach(closeServers);
afterAll(cleanupRecordings);

describe("the configuration of Confluence", () => {
  it.each([
    [
      "a user name without a password",
      { ONCALL_RUNBOOKS_CONFLUENCE_USERNAME: "u" },
      /_USERNAME and .*_PASSWORD go together/,
    ],
    [
      "a token and a password",
      {
        ONCALL_RUNBOOKS_CONFLUENCE_TOKEN: "t",
        ONCALL_RUNBOOKS_CONFLUENCE_USERNAME: "u",
        ONCALL_RUNBOOKS_CONFLUENCE_PASSWORD: "p",
      },
      /not both/,
    ],
    ["an e-mail address without a token", { ONCALL_RUNBOOKS_CONFLUENCE_EMAIL: "a@b.test" }, /goes with .*_TOKEN/],
    ["no spaces", { ONCALL_RUNBOOKS_CONFLUENCE_SPACES: "" }, /_SPACES: set the keys/],
    ["no key of a space", { ONCALL_RUNBOOKS_CONFLUENCE_SPACES: 'OPS,X") or ("' }, /_SPACES: takes space keys/],
    [
      "a login in the address",
      { ONCALL_RUNBOOKS_CONFLUENCE_URL: "https://a:b@x.test/wiki" },
      /must not hold credentials/,
    ],
    ["two backends", { ONCALL_RUNBOOKS_FOLDER: "/tmp" }, /set one of/],
  ])("refuses %s", async (_, env, says) => {
    const opening = confluenceServer("https://wiki.example.test", env);
    await expect(opening).rejects.toThrow(ConfigError);
    await expect(opening).rejects.toThrow(says);
  });

  it.each([
    ["https://x.atlassian.net", "https://x.atlassian.net/wiki", "confluence-cloud"],
    ["https://x.atlassian.net/wiki/", "https://x.atlassian.net/wiki/", "confluence-cloud"],
    [
      "https://api.atlassian.com/ex/confluence/1-2",
      "https://api.atlassian.com/ex/confluence/1-2/wiki",
      "confluence-cloud",
    ],
    ["https://wiki.example.test/confluence", "https://wiki.example.test/confluence", "confluence-data-center"],
    ["https://wiki.example.test", "https://wiki.example.test/", "confluence-data-center"],
  ])("knows %s to be %s, of %s", (url, base, anchors) => {
    const config = configSchema.parse({
      ONCALL_RUNBOOKS_CONFLUENCE_URL: url,
      ONCALL_RUNBOOKS_CONFLUENCE_SPACES: "OPS",
    });
    const opened = openConfluence(url, config);
    expect([opened.base.href, opened.anchors]).toEqual([base, anchors]);
  });

  it("takes a secret from a file, and shows it nowhere", async () => {
    const file = join(await writeRecording(), "token");
    await writeFile(file, `${CLOUD.ONCALL_RUNBOOKS_CONFLUENCE_TOKEN}\n`);
    const { url } = await startConfluence({ kind: "cloud", pages: [LATENCY], authorization: CLOUD_LOGIN });
    const env = {
      ONCALL_RUNBOOKS_CONFLUENCE_EMAIL: CLOUD.ONCALL_RUNBOOKS_CONFLUENCE_EMAIL,
      ONCALL_RUNBOOKS_CONFLUENCE_TOKEN_FILE: file,
    };
    const server = await confluenceServer(`${url}/wiki`, env);
    const { structured, text } = await ask(server, asked);
    expect(structured["outcome"]).toBe("found");
    expect(JSON.stringify(structured) + text).not.toContain("t0ken");
  });

  it("answers from a recording where one is configured too", async () => {
    const recording = await writeRecording({ runbooks: { "a.md": "---\ntitle: StorefrontLatencyHigh\n---\nHere.\n" } });
    const server = await confluenceServer("https://wiki.example.test", { ONCALL_RECORDING: recording });
    expect((await ask(server, asked)).text).toContain("Here.");
  });
});
