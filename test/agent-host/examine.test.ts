import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EvidenceKey } from "@oncall-copilot/core";
import { expect, it, vi } from "vitest";
import { examineServers } from "../../agent-host/src/tools/examine.ts";

const found = vi.hoisted(() => ({ bin: "" }));
vi.mock("../../agent-host/src/tools/discover.ts", () => ({
  discoverServers: () => [{ server: "logs", letter: "L", bin: found.bin, environment: [] }],
}));

it("redacts what a failed check-up printed before it is cut", async () => {
  const secret = "correcthorsebatterystaple";
  found.bin = join(await mkdtemp(join(tmpdir(), "oncall-examine-")), "server.cjs");
  const printed = `password=${secret} ${"it broke ".repeat(54)}`.trim();
  expect(printed.slice(-500)).toMatch(/^\w+staple /);
  await writeFile(found.bin, `process.stderr.write(${JSON.stringify(printed)}); process.exitCode = 1;`);
  const [examined] = await examineServers({
    key: new EvidenceKey(new Uint8Array(32).fill(7)),
    env: {},
    service: undefined,
  });
  expect(examined?.findings[0]?.message).toMatch(/^its check-up failed: .*it broke$/);
  expect(examined?.findings[0]?.message).not.toContain("staple");
});
