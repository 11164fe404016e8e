import { execFile } from "node:child_process";
import { CouldNotLook, type EvidenceKey, redact } from "@oncall-copilot/core";
import { Finding, grantedOf } from "@oncall-copilot/core/server";
import { z } from "zod";
import { discoverServers, type ServerPackage } from "./discover.ts";
import { elsewhere, variablesOf } from "./elsewhere.ts";
import { environmentFor } from "./environment.ts";
import { connectUrl } from "./url.ts";

/** Longer than a server's own deadline for its check-up, which gives the better message. */
const MAX_MS = 60_000;
const MAX_BYTES = 1_048_576;

/** What one server found of its backends, or what became of asking it. */
export interface Examined {
  /** `logs`, `metrics`, ... */
  readonly server: string;
  readonly findings: readonly Finding[];
  /** Names of the variables that it reads; none where it could not say. */
  readonly variables: readonly string[];
}

export interface ExamineWish {
  readonly key: EvidenceKey;
  /** Variables for the servers; each gets only its own. */
  readonly env: NodeJS.ProcessEnv;
  readonly service: string | undefined;
}

/** Lets every server look at its own backends, all at once, each as a process that sees only its own variables. */
export function examineServers(wish: ExamineWish): Promise<readonly Examined[]> {
  return Promise.all(
    discoverServers().map(async (server) => {
      const asked = await examineOne(server, wish);
      return { server: server.server, variables: [], ...asked };
    }),
  );
}

type Told = Pick<Examined, "findings"> & Partial<Examined>;

async function examineOne(server: ServerPackage, wish: ExamineWish): Promise<Told> {
  if (grantedOf(server.server, wish.env["ONCALL_SCOPES"]) === "") return { findings: [leftOut(server)] };
  const address = elsewhere(server.server, wish.env);
  return address ? { findings: await reach(server, address) } : ask(server, wish);
}

/** Wanted so, perhaps, and worth a word all the same. */
const leftOut = ({ server, tools }: ServerPackage): Finding => ({
  ...{ backend: `oncall-${server}`, check: "configured", status: "warning" },
  message: `ONCALL_SCOPES grants nothing of it, so ${tools.join(", ")} cannot be asked: every triage will name this as a gap`,
  cure: `add ${server}:read to ONCALL_SCOPES, or leave it as it is if that is meant`,
});

const Printed = z.object({ findings: z.array(Finding), variables: z.array(z.string()).default([]) });

async function ask(server: ServerPackage, { key, env, service }: ExamineWish): Promise<Told> {
  const args = [server.bin, "--doctor", "--json", ...(service === undefined ? [] : ["--service", service])];
  const options = {
    env: environmentFor(server, { ...env, ONCALL_EVIDENCE_KEY: key.reveal() }),
    timeout: MAX_MS,
    maxBuffer: MAX_BYTES,
  };
  const { error, stdout, stderr } = await new Promise<{ error: Error | null; stdout: string; stderr: string }>(
    (resolve) =>
      execFile(process.execPath, args, options, (error, stdout, stderr) => resolve({ error, stdout, stderr })),
  );
  try {
    // A failure found is an exit code, and findings all the same.
    return Printed.parse(JSON.parse(stdout));
  } catch {
    const why = stderr.trim() || error?.message || "it printed no findings";
    // Cut after it is redacted: half of a secret would not be known for one.
    const text = (await redact(why)).text.slice(-500);
    const message = `its check-up failed: ${text}`;
    return { findings: [{ backend: `oncall-${server.server}`, check: "configured", status: "failure", message }] };
  }
}

/** A server that runs elsewhere has its backends' credentials there: here it can only be seen whether it answers. */
async function reach(
  server: ServerPackage,
  { url, token }: NonNullable<ReturnType<typeof elsewhere>>,
): Promise<readonly Finding[]> {
  const backend = `oncall-${server.server} at ${url.origin}${url.pathname}`;
  try {
    const connection = await connectUrl(server.server, url, token);
    const names = connection.tools.map(({ name }) => name).join(", ");
    await connection.close();
    return [
      { backend, check: "reachable", status: "ok", message: `answers, and offers ${names}` },
      {
        backend,
        check: "privilege",
        status: "unknown",
        message: "its backends cannot be looked at from here",
        cure: `run oncall-${server.server} --doctor where it runs`,
      },
    ];
  } catch (error) {
    const { url: address, credentials } = variablesOf(server.server);
    const problem =
      error instanceof CouldNotLook ? error.problem : error instanceof Error ? error.message : String(error);
    const message = (await redact(problem)).text;
    const cure = (error instanceof CouldNotLook && error.tryNext[0]) || `check ${address} and ${credentials}`;
    return [{ backend, check: "reachable", status: "failure", message, cure }];
  }
}
