import type { ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RESOURCE_PROGRAM, SHOP_TEMPLATE } from "../paths.ts";
import { createRandom } from "../random.ts";
import { applyPolicies, readPolicies } from "./policies.ts";
import { freePort } from "./ports.ts";
import { start, stop, untilReady } from "./process.ts";
import { Secrets } from "./secrets.ts";

describe("a resource of the lab", () => {
  let directory: string;
  let secrets: Secrets;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), "lab-"));
    secrets = new Secrets(directory, createRandom(1));
  });
  afterEach(async () => {
    if (child !== undefined) await stop(child);
    await rm(directory, { recursive: true, force: true });
  });

  const policiesFile = (): string => path.join(directory, "policies.json");
  const logFile = (): string => path.join(directory, "resource.log");

  /** Starts one and gives how to ask it. */
  async function resource(name: string) {
    const port = await freePort();
    child = start({
      command: [process.execPath, RESOURCE_PROGRAM],
      cwd: directory,
      env: {
        PORT: String(port),
        SERVICE_NAME: name,
        POD_NAME: `${name}-0`,
        CREDENTIALS_FILE: secrets.credentialsFile,
        POLICIES_FILE: policiesFile(),
      },
      output: logFile(),
    });
    const address = `http://127.0.0.1:${port}`;
    await untilReady(`${address}/healthz`, child, name);
    return async (route: string, body: unknown, authorization?: string) => {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const response = await fetch(`${address}${route}`, { method: "POST", headers, body: JSON.stringify(body) });
      const answer: { error?: string } = await response.json();
      return { status: response.status, error: answer.error };
    };
  }

  const stock = { statement: "stock_by_skus", params: { skus: ["tent-s-1000"] } };

  it("answers whoever asks where no secret is known, as older estates have none", async () => {
    const ask = await resource("stock-db");
    expect((await ask("/query", stock)).status).toBe(200);
  });

  it("refuses a password from the moment on at which it runs out, and says why in its own log alone", async () => {
    secrets.provide("stock-db");
    const login = `${secrets.value("stock-db", "username")}:${secrets.value("stock-db", "password")}`;
    const ask = await resource("stock-db");
    expect((await ask("/query", stock, login)).status).toBe(200);
    secrets.expire("stock-db", new Date(Date.now() - 1000));
    const refused = await ask("/query", stock, login);
    expect(refused).toEqual({ status: 401, error: 'password authentication failed for user "stock_rw"' });
    expect(await readFile(logFile(), "utf8")).toContain("user has an expired password");
  });

  it("lets a role do what the shop's Terraform says, and names what is missing", async () => {
    applyPolicies(SHOP_TEMPLATE, policiesFile());
    const ask = await resource("media-store");
    const read = { action: "s3:GetObject", key: "labels/templates/vanline", role: "shop-shipping" };
    expect((await ask("/", read)).status).toBe(200);
    const written = await ask("/", { ...read, action: "s3:PutObject", key: "labels/printed/1" });
    expect(written.status).toBe(403);
    expect(written.error).toContain("role/shop-shipping is not authorized to perform: s3:PutObject");
    expect((await ask("/", { ...read, role: "shop-search" })).status).toBe(403);
  });

  it("answers nothing while it fails over", async () => {
    const ask = await resource("accounts-db");
    await ask("/-/condition", { mode: "failover" });
    const answer = await ask("/query", { statement: "profile_by_id", params: { ids: ["k-1"] } });
    expect(answer).toEqual({ status: 503, error: "terminating connection due to administrator command" });
  });
});

describe("the shop's permissions", () => {
  it("are read from its Terraform, a role each", () => {
    expect(readPolicies(SHOP_TEMPLATE)).toMatchObject({
      "shop-catalogue": [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::northwind-shop-media/pages/*"] }],
      "shop-search": [{ actions: ["s3:GetObject"] }, { actions: ["s3:ListBucket"] }],
    });
  });
});

describe("a rotated secret", () => {
  it("gives pods that start the new version, and keeps the old one with the moment of its end", async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), "lab-"));
    try {
      const secrets = new Secrets(directory, createRandom(2));
      secrets.provide("catalogue-clients");
      const before = secrets.value("catalogue-clients", "key");
      const end = new Date("2026-11-02T10:06:00Z");
      expect(secrets.rotate("catalogue-clients", end)).toBe(13);
      const { keys } = JSON.parse(await readFile(path.join(secrets.directory, "catalogue-clients.json"), "utf8"));
      expect(secrets.value("catalogue-clients", "key")).not.toBe(before);
      expect(keys).toEqual([
        { key: before, version: 12, withdrawnAt: end.toISOString() },
        { key: secrets.value("catalogue-clients", "key"), version: 13, withdrawnAt: null },
      ]);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
