import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createLogger } from "@oncall-copilot/core";
import { openRecording } from "@oncall-copilot/core/recording";
import { readEnvironment, runCall } from "@oncall-copilot/core/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { RunbookOutput } from "../../servers/runbooks/src/output.ts";
import { buildServer, configSchema } from "../../servers/runbooks/src/server.ts";
import { ROOT } from "../support/mcp/servers.ts";
import { KEY } from "./ask.ts";

const FOLDER = join(ROOT, "test/recordings");
const names = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, "runbooks")));

/** The title of the page that an alert's own link leads to, as Confluence writes it: `.../display/OPS/Storefront+errors`. */
const linked = (url: string) => decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "").replaceAll("+", " ");

/** What the host asks of an alert: its name and its summary. */
async function firstPage(name: string) {
  const dir = join(FOLDER, name);
  const { incident } = await openRecording(dir);
  const server = await buildServer(readEnvironment(configSchema, { ONCALL_RECORDING: dir }));
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  const { service, alert, summary } = incident;
  const log = createLogger("test", "silent");
  const { structured } = await runCall(server, tool, { service, alert, query: summary }, { key: KEY, log });
  return { incident, first: RunbookOutput.parse(structured).sections[0] };
}

const Annotations = z.object({ runbook_url: z.url() });

describe("the runbook that an alert links to", () => {
  it("is there to be found in the committed recordings", () => {
    expect(names.length).toBeGreaterThanOrEqual(20);
  });

  it.each(names)("comes first when asked with the alert's name and summary: %s", async (name) => {
    const { incident, first } = await firstPage(name);
    const { runbook_url } = Annotations.parse(incident.annotations);
    expect(first?.title).toBe(linked(runbook_url));
  });
});
