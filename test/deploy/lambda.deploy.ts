import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as aws from "../support/alerts/aws.ts";
import { bundleOf } from "../support/lambda/bundles.ts";
import { functionsContract } from "../support/lambda/functions-contract.ts";
import { openFunctionsWorld } from "../support/lambda/functions-world.ts";
import { startFunction } from "../support/lambda/runtime-api.ts";
import { CACHE, runtimeClient } from "./support/tools.ts";

const UNSIGNED = { requestContext: { http: { method: "POST" } }, headers: {}, body: "payload={}" };
const program = await runtimeClient();
const client = { node: process.execPath, client: [program ?? ""] };

describe.skipIf(!program)("on AWS' own runtime client", () => {
  functionsContract("aws-lambda-ric", client);

  it("start cold in at most twice an empty handler's time, but for triage", async () => {
    const empty = join(CACHE, "empty");
    await mkdir(empty, { recursive: true });
    await writeFile(join(empty, "index.js"), "exports.handler = async () => null;\n");
    await writeFile(join(empty, "package.json"), '{"type":"commonjs"}');
    const world = await openFunctionsWorld(client);
    const rounds = 9;
    const times: Record<string, number[]> = { empty: [], alert: [], slack: [], triage: [] };
    const answers: Record<string, number[]> = { alert: [], slack: [] };
    const first: Record<string, unknown> = { alert: aws.sqs(aws.event()), slack: UNSIGNED };
    for (let round = 0; round < rounds; round++) {
      for (const [name, all] of Object.entries(times)) {
        const taskRoot = name === "empty" ? empty : bundleOf(name as "alert");
        const env = name === "empty" ? {} : world.envOf(name as "alert");
        const started = await startFunction({ ...client, taskRoot, env });
        all.push(started.initMs);
        const began = performance.now();
        if (name in first) await started.invoke(first[name]);
        answers[name]?.push(started.initMs + performance.now() - began);
        await started.stop();
      }
    }
    await world.close();
    const median = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
    const ratio = (name: string) => median(times[name] ?? []) / median(times["empty"] ?? []);
    const shown = Object.keys(times).map(
      (name) => `${name} ${median(times[name] ?? []).toFixed(0)} ms (${ratio(name).toFixed(2)}x)`,
    );
    for (const [name, all] of Object.entries(answers))
      shown.push(`${name}'s first answer ${median(all).toFixed(0)} ms`);
    process.stderr.write(`\ncold init, medians of ${rounds}: ${shown.join(", ")}\n`);
    expect(ratio("alert")).toBeLessThan(2);
    expect(ratio("slack")).toBeLessThan(2);
  });
});
