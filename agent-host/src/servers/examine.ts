import { execFile } from "node:child_process";
import { type EvidenceKey, Finding, redact } from "@oncall-copilot/core";
import { z } from "zod";
import { discoverServers, type ServerPackage } from "./discover.ts";
import { elsewhere } from "./elsewhere.ts";
import { environmentFor } from "./environment.ts";
import { connectUrl } from "./url.ts";

/** Longer than a server's own deadline for its check-up, which gives the better message. */
const MOST_MS = 60_000;
const MOST_BYTES = 1_048_576;

/** What one server found of its backends, or what became of asking it. */
export interface Examined {
  /** `logs`, `metrics`, ... */
  readonly server: string;
  readonly findings: readonly Finding[];
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
      const address = elsewhere(server.server, wish.env);
      const findings = address ? await reach(server, address) : await ask(server, wish);
      return { server: server.server, findings };
    }),
  );
}

const Printed = z.object({ findings: z.array(Finding) });

async function ask(server: ServerPackage, { key, env, service }: ExamineWish): Promise<readonly Finding[]> {
  const args = [server.bin, "--doctor", "--json", ...(service === undefined ? [] : ["--service", service])];
  const options = {
    env: environmentFor(server, { ...env, ONCALL_EVIDENCE_KEY: key.reveal() }),
    timeout: MOST_MS,
    maxBuffer: MOST_BYTES,
  };
  const { error, stdout, stderr } = await new Promise<{ error: Error | null; stdout: string; stderr: string }>(
    (resolve) =>
      execFile(process.execPath, args, options, (error, stdout, stderr) => resolve({ error, stdout, stderr })),
  );
  try {
    // A failure found is an exit code, and findings all the same.
    return Printed.parse(JSON.parse(stdout)).findings;
  } catch {
    const why = stderr.trim() || error?.message || "it printed no findings";
    // Cut after it is redacted: half of a secret would not be known for one.
    const text = (await redact(why)).text.slice(-500);
    return [
      {
        backend: `oncall-${server.server}`,
        check: "configured",
        status: "failure",
        message: `its check-up failed: ${text}`,
      },
    ];
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
    const { text } = await redact(error instanceof Error ? error.message : String(error));
    const prefix = `ONCALL_SERVER_${server.server.toUpperCase()}_`;
    return [
      { backend, check: "reachable", status: "failure", message: text, cure: `check ${prefix}URL and ${prefix}TOKEN` },
    ];
  }
}
