import { ConfigError } from "@oncall-copilot/core";
import { afterAll, describe, expect, test } from "vitest";
import { buildServer, configSchema } from "../../servers/logs/src/server.ts";
import { cleanupRecordings, writeRecording } from "../support/recording.ts";

afterAll(cleanupRecordings);

describe("starting the logs server", () => {
  test("says which variable would configure a backend when there is none", async () => {
    const start = buildServer(configSchema.parse({}));
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(/ONCALL_RECORDING/);
  });

  test("says that a folder is no recording", async () => {
    await expect(buildServer(configSchema.parse({ ONCALL_RECORDING: "/nowhere" }))).rejects.toThrow(/ONCALL_RECORDING/);
  });

  test("offers read_logs, read-only, in the scope logs:read", async () => {
    const server = await buildServer(configSchema.parse({ ONCALL_RECORDING: await writeRecording() }));
    expect(server.tools.map(({ name, scope, readOnly }) => ({ name, scope, readOnly }))).toEqual([
      { name: "read_logs", scope: "logs:read", readOnly: true },
    ]);
    expect(server.letter).toBe("l");
  });
});
