import { ConfigError } from "@oncall-copilot/core";
import { describeTool } from "@oncall-copilot/core/server";
import { encode } from "gpt-tokenizer";
import { afterAll, describe, expect, it } from "vitest";
import { buildServer, configSchema } from "../../servers/metrics/src/server.ts";
import { cleanupRecordings, writeRecording } from "../support/recording.ts";

afterAll(cleanupRecordings);

describe("starting the metrics server", () => {
  it("says which variable would configure a backend when there is none", async () => {
    const start = buildServer(configSchema.parse({}));
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(/ONCALL_RECORDING/);
  });

  it("says that a folder is no recording", async () => {
    await expect(buildServer(configSchema.parse({ ONCALL_RECORDING: "/nowhere" }))).rejects.toThrow(/ONCALL_RECORDING/);
  });

  it("offers read_metrics, read-only, in the scope metrics:read, and mints receipts under its letter", async () => {
    const server = await buildServer(configSchema.parse({ ONCALL_RECORDING: await writeRecording() }));
    expect(server.tools.map(({ name, scope, readOnly }) => ({ name, scope, readOnly }))).toEqual([
      { name: "read_metrics", scope: "metrics:read", readOnly: true },
    ]);
    expect(server.letter).toBe("m");
  });

  it("takes fewer than 300 tokens to describe", async () => {
    const server = await buildServer(configSchema.parse({ ONCALL_RECORDING: await writeRecording() }));
    for (const tool of server.tools) {
      const { name, description, inputSchema } = describeTool(tool);
      expect(encode(JSON.stringify({ name, description, inputSchema })).length).toBeLessThan(300);
    }
  });
});
