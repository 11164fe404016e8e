import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { pythonPrograms } from "../real/support/python.ts";
import { helm } from "./support/tools.ts";

const run = promisify(execFile);
const CHART = join(import.meta.dirname, "../../deploy/helm/oncall-copilot");
/** Helm knows none of its own where it is built without its release's flags. */
const KUBERNETES = "1.34.0";
const program = await helm();

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: never;
}

interface Container {
  readonly env: { name: string; value?: string; valueFrom?: { secretKeyRef: object } }[];
  readonly securityContext: object;
}

interface PodSpec {
  readonly containers: Container[];
  readonly securityContext: object;
  readonly automountServiceAccountToken: boolean;
}

const CATALOG = ["--set", "catalog.existingConfigMap=catalog"];

describe.skipIf(!program)("the chart, by Helm itself", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "oncall-helm-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const rendered = async (...flags: string[]) => {
    const args = ["template", "shop", CHART, "--namespace", "oncall", "--kube-version", KUBERNETES, ...flags];
    const { stdout } = await run(program ?? "", args, { maxBuffer: 1 << 26 });
    return stdout;
  };
  const manifests = async (...flags: string[]) =>
    parseAllDocuments(await rendered(...flags)).map((document) => document.toJS() as Manifest);
  const refused = (...flags: string[]) =>
    rendered(...flags).then(
      () => "rendered",
      (error: { stderr: string }) => error.stderr,
    );
  const podsOf = (all: readonly Manifest[]) =>
    all
      .filter(({ kind }) => kind === "Deployment")
      .map(({ spec }) => (spec as { template: { spec: PodSpec } }).template.spec);

  it("lints", async () => {
    const { stdout } = await run(program ?? "", ["lint", "--strict", CHART, ...CATALOG]);
    expect(stdout).toContain("0 chart(s) failed");
  });

  it.each([
    ["the host alone", []],
    ["the host and its servers", ["--set", "servers.enabled=true"]],
    ["a catalog of its own", ["--set", "catalog.text=kind: Component"]],
  ])("makes what Kubernetes' published schema knows, with nothing unknown: %s", async (_what, flags) => {
    const file = join(folder, "manifests.yaml");
    await writeFile(file, await rendered(...CATALOG, ...flags));
    const programs = await pythonPrograms("Kubernetes' schema", ["kubernetes-validate==1.37.0"]);
    const version = ["--kubernetes-version", "1.34"];
    const { stdout } = await run(join(programs, "kubernetes-validate"), ["--strict", ...version, file]);
    expect(stdout).not.toMatch(/ERROR|WARN/);
  });

  it("is one process on one block volume, which ends before the next begins", async () => {
    const all = await manifests(...CATALOG);
    expect(all.map(({ kind }) => kind).sort()).toEqual([
      "Deployment",
      "NetworkPolicy",
      "PersistentVolumeClaim",
      "Service",
      "ServiceAccount",
    ]);
    expect(all.find(({ kind }) => kind === "Deployment")).toMatchObject({
      spec: { replicas: 1, strategy: { type: "Recreate" } },
    });
    expect(all.find(({ kind }) => kind === "PersistentVolumeClaim")).toMatchObject({
      spec: { accessModes: ["ReadWriteOnce"] },
    });
  });

  it("asks nothing of Kubernetes, and runs without root, on a file system that it cannot write to", async () => {
    const all = await manifests(...CATALOG, "--set", "servers.enabled=true");
    expect(all.filter(({ kind }) => /Role/.test(kind))).toEqual([]);
    const pods = podsOf(all);
    expect(pods).toHaveLength(6);
    for (const pod of pods) {
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      for (const { securityContext } of pod.containers)
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
    }
  });

  it("takes every secret by reference, and gives no server another's", async () => {
    const all = await manifests(
      ...[...CATALOG, "--set", "servers.enabled=true"],
      ...["--set", "servers.git.secrets.ONCALL_GIT_GITHUB_FORK_TOKEN.name=github"],
      ...["--set", "servers.git.secrets.ONCALL_GIT_GITHUB_FORK_TOKEN.key=token"],
      ...["--set", "secrets.ONCALL_SLACK_SIGNING_SECRET.name=slack"],
      ...["--set", "secrets.ONCALL_SLACK_SIGNING_SECRET.key=signing"],
    );
    const containers = podsOf(all).flatMap((pod) => pod.containers);
    const secret = containers.flatMap(({ env }) => env.filter(({ name }) => /TOKEN|KEY$|SECRET/.test(name)));
    expect(secret.length).toBeGreaterThan(10);
    expect(secret.filter(({ valueFrom }) => !valueFrom?.secretKeyRef)).toEqual([]);
    const holders = (name: string) => containers.filter(({ env }) => env.some((one) => one.name === name));
    expect(holders("ONCALL_GIT_GITHUB_FORK_TOKEN")).toHaveLength(1);
    expect(holders("ONCALL_SLACK_SIGNING_SECRET")).toHaveLength(1);
    expect(holders("ONCALL_GIT_GITHUB_FORK_TOKEN")).not.toEqual(holders("ONCALL_SLACK_SIGNING_SECRET"));
  });

  it("lets nobody but the host reach its servers", async () => {
    const all = await manifests(...CATALOG, "--set", "servers.enabled=true");
    const policy = all.find(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name.endsWith("-servers"));
    expect(policy).toMatchObject({
      spec: {
        podSelector: { matchLabels: { "app.kubernetes.io/component": "server" } },
        ingress: [{ from: [{ podSelector: { matchLabels: { "app.kubernetes.io/component": "host" } } }] }],
      },
    });
  });

  it.each([
    [["--set", "catalog.existingConfigMap="], "set catalog.existingConfigMap"],
    [[...CATALOG, "--set", "replicas=2"], "replicas"],
    [[...CATALOG, "--set", "env.ONCALL_MODE=loud"], "ONCALL_MODE"],
    [[...CATALOG, "--set", "secrets.ONCALL_ALERT_TOKENS=hunter2"], "ONCALL_ALERT_TOKENS"],
    [[...CATALOG, "--set", "secrets.ONCALL_EVIDENCE_KEY=null"], "ONCALL_EVIDENCE_KEY"],
    [[...CATALOG, "--set", "image.digest=latest"], "digest"],
  ])("refuses %j, and says what", async (flags, why) => {
    expect(await refused(...flags)).toContain(why);
  });
});
