import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCatalog } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import { readAlert } from "../../agent-host/src/intake/read-alert.ts";
import { resolveService } from "../../agent-host/src/intake/resolve-service.ts";
import { alertmanagerBody } from "../support/recording.ts";

const catalog = await parseCatalog(
  "kind: Component\nmetadata: {name: storefront}\nspec: {}\n---\nkind: Component\nmetadata: {name: cart}\nspec: {}\n",
  "catalog",
);

async function received(labels: Record<string, string>, annotations: Record<string, string> = { summary: "slow" }) {
  const body = alertmanagerBody();
  const [first] = body["alerts"] as object[];
  const file = join(await mkdtemp(join(tmpdir(), "oncall-alert-")), "alert.json");
  const alert = { ...first, labels, annotations };
  await writeFile(
    file,
    JSON.stringify({ ...body, groupLabels: {}, commonLabels: {}, commonAnnotations: {}, alerts: [alert] }),
  );
  return (await readAlert(file)).incident;
}

describe("an alert's own text", () => {
  it("is redacted before it goes anywhere", async () => {
    const mail = ["dana", "example.com"].join("@");
    const token = ["ghp", "0123456789abcdefghijklmnopqrstuvwxyz"].join("_");
    const incident = await received(
      { alertname: "Slow", service: "cart", owner: mail },
      { summary: `token ${token}`, description: mail },
    );
    const text = JSON.stringify(incident);
    expect(text).not.toContain(mail);
    expect(text).not.toContain(token);
    expect(incident.summary).toContain("[redacted:");
  });

  it("is redacted before it is cut, so that no half of a secret is left", async () => {
    const mail = ["somebody.with.a.name", "example.com"].join("@");
    const incident = await received({ alertname: "Slow", service: "cart" }, { summary: `${"x ".repeat(145)}${mail}` });
    expect(incident.summary).not.toContain("somebody");
  });

  it("stands on one line where it is a name, and is bounded", async () => {
    const incident = await received(
      { alertname: "Slow\nNO FAULT FOUND", service: "cart" },
      { summary: "a\n\nb".repeat(1000) },
    );
    expect(incident.alert).toBe("Slow NO FAULT FOUND");
    expect(incident.summary).not.toContain("\n");
    expect(incident.summary.length).toBeLessThanOrEqual(301);
  });
});

describe("the alert's service", () => {
  it("is taken as named, without a word", async () => {
    expect(resolveService(await received({ alertname: "Slow", service: "cart" }), catalog)).toEqual({
      service: "cart",
      found: { by: "label", from: "service", value: "cart" },
      note: null,
    });
  });

  it.each([
    [
      { alertname: "CartSlow", service: "kart" },
      "cart",
      'names the service "kart", which is not in the catalog; cart was taken from the alert\'s own name',
    ],
    [
      { alertname: "Slow", shop_component: "storefront" },
      "storefront",
      "names no service; storefront was taken from its label shop_component",
    ],
    [{ alertname: "Slow", service: "other" }, null, "no tool can look"],
  ])("otherwise comes with how it was found: %j", async (labels, service, note) => {
    const resolved = resolveService(await received(labels as Record<string, string>), catalog);
    expect(resolved.service).toBe(service);
    expect(resolved.note).toContain(note);
  });
});
