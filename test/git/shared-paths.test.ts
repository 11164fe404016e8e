import { afterAll, describe, expect, it } from "vitest";
import { cleanupRecordings } from "../support/recording.ts";
import { bodyOf, diffOf, edit, messageOf, proposal } from "./proposal.ts";
import { cleanup, itemsOf, rollout, serveRecording, shopComponent, shopRepo, type TestRepo } from "./support.ts";

afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

const CLIENTS = "deploy/config/http-clients.yaml";
const clients = (attempts: number) => `data:\n  HTTP_ATTEMPTS: "${attempts}"\n`;
const MORE = [edit(CLIENTS, '"2"', '"3"')];

/** A shop whose promotions and storefront declare the config map that they share; pricing declares others. */
async function sharingShop(
  shared: Readonly<Record<string, string>> = { promotions: CLIENTS, storefront: "deploy/config/" },
  change: (repo: TestRepo) => void = () => {},
) {
  const repo = shopRepo();
  repo.write(CLIENTS, clients(2)).write("deploy/config/logging.yaml", "a: 1\n").commit({ minutes: -2000 });
  change(repo);
  const catalog = ["storefront", "pricing", "promotions"].map((name) =>
    shopComponent(name, [], shared[name] === undefined ? {} : { "oncall/shared-paths": shared[name] }),
  );
  const deployments = [rollout("promotions", repo.head(), -5)];
  return { ...(await serveRecording(repo, { catalog, deployments })), repo };
}

describe("a file of oncall/shared-paths", () => {
  it("may be edited for the service, and the body says that it is shared and with whom", async () => {
    const { call } = await sharingShop();
    const result = await call("open_pr", proposal({ edits: MORE }));
    expect(result.structured).toMatchObject({ state: "opened", files: [CLIENTS] });
    expect(diffOf(result)).toContain('+  HTTP_ATTEMPTS: "3"');
    expect(result.structured["summary"]).toContain("It changes 1 shared file, also declared by storefront.");
    expect(bodyOf(result)).toContain(
      `## What

Changes one file for \`promotions\`.

| file | added | removed |
|---|---|---|
| \`${CLIENTS}\` | +1 | -1 |

**Look twice. A file here is shared, not \`promotions\`'s own.** A change reaches whoever takes it. It is allowed by \`oncall/shared-paths\` of \`promotions\` in the catalog.

- \`${CLIENTS}\`: the catalog has it as shared for \`storefront\` too
`,
    );
  });

  it("may be taken back with a commit that touches the service's own files too", async () => {
    let sha = "";
    const { call } = await sharingShop({ promotions: "deploy/config/*.yaml" }, (repo) => {
      repo.write(CLIENTS, clients(9)).edit("services/promotions/main.js", "5 = 5", "5 = 6");
      sha = repo.commit({ minutes: -20, message: "more attempts" });
    });
    const result = await call("open_pr", proposal({ revert: sha }));
    expect(result.structured["files"]).toEqual([CLIENTS, "services/promotions/main.js"]);
    expect(bodyOf(result)).toContain(
      `- \`${CLIENTS}\`: no other service of the catalog declares it, which does not mean that none takes it`,
    );
    expect(result.structured["summary"]).toContain("It changes 1 shared file, declared by no other service.");
  });

  it("stays shared: its changes are nobody's own, and every service may read it", async () => {
    let sha = "";
    const { call } = await sharingShop(undefined, (repo) => {
      sha = repo.write(CLIENTS, clients(9)).commit({ minutes: -20 });
    });
    const items = itemsOf(await call("read_changes", { service: "promotions" }));
    expect(items.find((item) => item.sha === sha)?.services).toEqual([]);
    const listed = await call("read_file", { service: "pricing", path: "deploy/config/" });
    expect(listed.structured["files"]).toMatchObject([{ own: false }, { own: false }]);
  });

  it("is refused for a service that does not declare it, saying how the catalog can allow it", async () => {
    const { call } = await sharingShop();
    const edits = [edit("deploy/config/logging.yaml", "1", "2")];
    const refused = messageOf(await call("open_pr", proposal({ edits })));
    expect(refused).toContain("(outside_service): deploy/config/logging.yaml is outside the paths of promotions");
    expect(refused).toContain(
      "; nobody owns it: the annotation oncall/shared-paths of promotions in the catalog can allow a fix to change shared files",
    );
    expect((await call("open_pr", proposal({ edits }, { service: "storefront" }))).structured["state"]).toBe("opened");
  });

  it("is never another service's own, whatever the annotation says", async () => {
    const { call } = await sharingShop({ promotions: "**" });
    const edits = [edit("deploy/pricing.yaml", "replicas: 2", "replicas: 3")];
    const refused = messageOf(await call("open_pr", proposal({ edits })));
    expect(refused).toContain("(outside_service): deploy/pricing.yaml is outside the paths of promotions");
    expect(refused).toContain("; pricing owns it");
    expect(refused).not.toContain("oncall/shared-paths");
  });

  it("is held to all other rules: nothing that runs on merge, no secrets, and it must parse", async () => {
    let workflow = "";
    const { call } = await sharingShop({ promotions: "**" }, (repo) => {
      workflow = repo.write(".github/workflows/ci.yml", "on: push\n").commit({ minutes: -20 });
    });
    expect(messageOf(await call("open_pr", proposal({ revert: workflow })))).toContain("(runs_code_on_merge)");
    const reason = async (text: string) =>
      messageOf(await call("open_pr", proposal({ edits: [edit(CLIENTS, '"2"', text)] })));
    expect(await reason(`"AKIA${"2345ABCD".repeat(2)}"`)).toContain("(holds_secret)");
    expect(await reason("[2")).toContain("(does_not_parse)");
    expect(await reason(`|\n${"    x\n".repeat(500)}`)).toContain("(too_large)");
  });
});
