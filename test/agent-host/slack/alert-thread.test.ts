import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { alertmanagerFingerprint } from "../../../agent-host/src/deliver/slack/alert-thread.ts";
import { ROOT } from "../../support/mcp/servers.ts";

interface Payload {
  readonly alerts?: readonly { readonly fingerprint?: string; readonly labels: Readonly<Record<string, string>> }[];
}

const recordings = join(ROOT, "test/recordings");
const alerts = readdirSync(recordings).flatMap((name) => {
  try {
    const payload = JSON.parse(readFileSync(join(recordings, name, "alert.json"), "utf8")) as Payload;
    return (payload.alerts ?? []).filter(({ fingerprint }) => fingerprint !== undefined);
  } catch {
    return [];
  }
});

it("gives each alert the fingerprint that a real Alertmanager has given it", () => {
  expect(alerts.length).toBeGreaterThan(20);
  for (const { labels, fingerprint } of alerts) expect(alertmanagerFingerprint(labels)).toBe(fingerprint);
});
