import { describe, expect, it } from "vitest";
import { SHOP_TEMPLATE } from "../paths.ts";
import { SERVICES } from "../topology.ts";
import { readCronJob } from "./cron-job.ts";
import { readHpa } from "./hpa.ts";
import { readManifest } from "./manifest.ts";

describe("what the deployer reads of a manifest", () => {
  it("keeps what comes out of a Secret apart from what is written there", async () => {
    const manifest = await readManifest(SHOP_TEMPLATE, "inventory");
    expect(manifest.env).toMatchObject({ DB_POOL_SIZE: "8" });
    expect(manifest.env).not.toHaveProperty("DB_PASSWORD");
    expect(manifest.fromSecrets).toContainEqual({ name: "DB_PASSWORD", secret: "stock-db", key: "password" });
    expect(manifest.secrets).toEqual(["stock-db"]);
  });

  it("sees a Secret that is mounted, and CPU in cores", async () => {
    expect((await readManifest(SHOP_TEMPLATE, "catalogue")).secrets).toEqual(["catalogue-clients"]);
    expect((await readManifest(SHOP_TEMPLATE, "search")).cpu).toEqual({ request: 0.4, limit: 0.6 });
  });

  it("understands every service of the shop, and which of them have an autoscaler", async () => {
    const scaled: string[] = [];
    for (const service of SERVICES) {
      expect((await readManifest(SHOP_TEMPLATE, service)).replicas, service).toBe(2);
      if ((await readHpa(SHOP_TEMPLATE, service)) !== undefined) scaled.push(service);
    }
    expect(scaled).toEqual(["search", "pricing"]);
    expect(await readHpa(SHOP_TEMPLATE, "pricing")).toEqual({ min: 2, max: 6, target: 0.9 });
  });

  it("reads a job", async () => {
    const job = await readCronJob(SHOP_TEMPLATE, "search-range");
    expect(job).toEqual({ command: ["node", "lib/call-each.js", "search", "POST", "/range"], backoffLimit: 4 });
  });
});
