import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatDeployments } from "./deployments.ts";
import { collectLogs } from "./logs.ts";
import { formatValue } from "./metrics.ts";

const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 2, 10, 0, seconds));
const line = (seconds: number, message: string): string =>
  JSON.stringify({ "@timestamp": at(seconds).toISOString(), "service.name": "cart", message });

describe("what is recorded", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), "lab-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it("merges the pods' logs by time and leaves out what lies before and after", async () => {
    await writeFile(
      path.join(directory, "cart-a.log"),
      `${line(1, "early")}\n${line(5, "first")}\n${line(9, "third")}\n`,
    );
    await writeFile(path.join(directory, "cart-b.log"), `${line(7, "second")}\n${line(60, "late")}\n`);
    const logs = await collectLogs(directory, at(5), at(30));
    const messages = logs
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text).message);
    expect(messages).toEqual(["first", "second", "third"]);
  });

  it("keeps what a dying pod printed as one line of its service's", async () => {
    await writeFile(
      path.join(directory, "pay-dies-0a1b2.log"),
      `${line(8, "ready")}\nError: out of memory\n    at x\n`,
    );
    const logs = await collectLogs(directory, at(8), at(8));
    const stray = JSON.parse(logs.trim().split("\n").at(-1) ?? "");
    expect(stray).toMatchObject({
      "service.name": "pay",
      "log.level": "error",
      message: "Error: out of memory\n    at x",
    });
  });

  it("gives the files of a stack trace the paths that they have in a container", async () => {
    const trace =
      "Error: no\n    at f (file:///home/a-b/.work/some-scenario-1-77/worktrees/0a1b2c3d4e5f/lib/pool.js:5:1)\n";
    await writeFile(path.join(directory, "till-dies-0a1b2.log"), `${line(80, "ready")}\n${trace}`);
    const stray = JSON.parse((await collectLogs(directory, at(80), at(80))).trim().split("\n").at(-1) ?? "");
    expect(stray.message).toBe("Error: no\n    at f (file:///app/lib/pool.js:5:1)");
  });

  it("writes deployments oldest first, none after the end", () => {
    const one = (service: string, seconds: number) => ({ service, revision: "f00", at: at(seconds), by: "argocd" });
    const text = formatDeployments([one("cart", 20), one("search", 10), one("storefront", 40)], at(30));
    const services = text
      .trim()
      .split("\n")
      .map((row) => JSON.parse(row).service);
    expect(services).toEqual(["search", "cart"]);
  });

  it("writes values in five digits, and never as an exponent that a spreadsheet would lose", () => {
    expect(formatValue(0.0314159265)).toBe("0.031416");
    expect(formatValue(123456789)).toBe("123456789");
    expect(formatValue(3.2e-9)).toBe("0");
  });
});
