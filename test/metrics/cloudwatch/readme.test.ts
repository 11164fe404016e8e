import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { POLICY_DOCUMENT } from "../../../servers/metrics/src/stores/cloudwatch/policy.ts";
import { KINDS } from "../../../servers/metrics/src/stores/cloudwatch/presets/kinds.ts";
import { ROOT } from "../../support/mcp/servers.ts";

const README = readFileSync(join(ROOT, "servers/metrics/README.md"), "utf8");

it("the README has the policy that the messages speak of, ready to paste", () => {
  expect(README).toContain(POLICY_DOCUMENT);
});

it.each(Object.entries(KINDS))("the README names the annotation of %s and each of its signals", (name, kind) => {
  const row = README.split("\n").find((line) => line.startsWith(`| \`oncall/cloudwatch.${name}\` |`)) ?? "";
  const signals = Object.keys(kind.signals({}));
  expect(signals.filter((signal) => !row.includes(signal))).toEqual([]);
  expect(
    row
      .split("|")[3]
      ?.match(/\w+_\w+/g)
      ?.filter((word) => !signals.includes(word)),
  ).toEqual([]);
});
