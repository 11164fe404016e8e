import { parseArgs } from "node:util";
import type { z } from "zod";
import { ConfigError } from "../../errors.ts";
import { findEvidenceKey, keyFile, loadEvidenceKey } from "../../evidence/key.ts";
import { createLogger, type LogLevel } from "../../log.ts";
import type { Secret } from "../../secret.ts";
import { commonVariables, describeVariable, readEnvironment, variableNames } from "../config/environment.ts";
import { unknownFinding, unknownVariables } from "../config/unknown-variables.ts";
import type { ServerDefinition } from "../define-server.ts";
import type { Finding } from "../doctor/finding.ts";
import { runDoctor } from "./doctor.ts";
import { withScopes } from "./scopes.ts";
import { serveStdio } from "./stdio.ts";

/** Exit codes of every server's bin. */
export const EXIT = { ok: 0, failed: 1, usage: 2, problems: 3 } as const;

interface CommonConfig {
  readonly ONCALL_SCOPES?: string | undefined;
  readonly ONCALL_HTTP_TOKEN?: Secret | undefined;
  readonly ONCALL_TIMEOUT_SECONDS?: number | undefined;
  readonly ONCALL_LOG_LEVEL: LogLevel;
}

export interface MainOptions<S extends z.ZodObject> {
  /** The bin's name. */
  readonly name: string;
  readonly version: string;
  /** The environment variables it reads; spread `commonVariables` into it. */
  readonly config: S;
  /** Builds the server. Throws {@link ConfigError} when no backend is configured. */
  build(config: z.output<S>): Promise<ServerDefinition>;
}

function usage(options: MainOptions<z.ZodObject>): string {
  const names = variableNames(options.config);
  const width = Math.max(...names.map(({ length }) => length));
  const variables = names
    .map((name) => `  ${name.padEnd(width)}  ${describeVariable(options.config, name)}`)
    .join("\n");
  return `${options.name} ${options.version} - an MCP server over stdio, or stateless Streamable HTTP

Usage: ${options.name} [--http [HOST:]PORT]
       ${options.name} --doctor [--service NAME] [--json]

  --http [HOST:]PORT   serve Streamable HTTP at /mcp; the host is 127.0.0.1 unless given
  --doctor             check the backend and what the credential may do, say what to change, and end
  --service NAME       with --doctor: a service of the catalog that must have data
  --json               with --doctor: print the findings as JSON
  --version            print the version
  --help               print this

Environment (NAME_FILE reads the value from a file):
${variables}

Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage or configuration, 3 the doctor found a failure.
`;
}

function parseAddress(text: string): { host: string; port: number } {
  const match = /^(?:(.+):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match || port > 65_535) throw new ConfigError(`--http takes [HOST:]PORT, such as 127.0.0.1:7801, not "${text}"`);
  return { host: match[1] ?? "127.0.0.1", port };
}

/** The whole of a server's bin: read arguments and environment, build, serve, and end with a code that means something. */
export async function serveMain<S extends z.ZodObject>(options: MainOptions<S>): Promise<void> {
  try {
    process.exit(await run(options));
  } catch (error) {
    const expected = error instanceof ConfigError;
    process.stderr.write(`${options.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(expected ? EXIT.usage : EXIT.failed);
  }
}

type ExitCode = (typeof EXIT)[keyof typeof EXIT];

async function run<S extends z.ZodObject>(options: MainOptions<S>): Promise<ExitCode> {
  const flags = readFlags();
  if (flags.version || flags.help) {
    process.stdout.write(
      flags.version ? `${options.version}\n` : usage(options as unknown as MainOptions<z.ZodObject>),
    );
    return EXIT.ok;
  }
  const variables = variableNames(options.config);
  const unknown = unknownVariables(options.name, variables, process.env).map((one) =>
    unknownFinding(options.name, one),
  );
  if (flags.doctor) {
    const given = variables.filter((name) => !Object.hasOwn(commonVariables, name) && process.env[name]);
    const { json = false, service } = flags;
    const build = () => buildToExamine(options, unknown);
    return (await runDoctor(options.name, build, { json, service, given, variables, unknown }))
      ? EXIT.ok
      : EXIT.problems;
  }
  tellOf(unknown);
  const config = readEnvironment(options.config);
  const common = config as unknown as CommonConfig;
  const definition = { ...withScopes(await options.build(config), common.ONCALL_SCOPES), configured: unknown };
  const log = createLogger(options.name, common.ONCALL_LOG_LEVEL);
  const serving = {
    key: await loadEvidenceKey(),
    log,
    ...(common.ONCALL_TIMEOUT_SECONDS === undefined ? {} : { deadlineMs: common.ONCALL_TIMEOUT_SECONDS * 1000 }),
  };
  if (flags.http === undefined) {
    if (process.stdin.isTTY)
      process.stderr.write(`${options.name}: speaking MCP on stdin and stdout; --help says how to mount it\n`);
    await serveStdio(definition, serving);
    return EXIT.ok;
  }
  definition.check?.();
  const { serveHttp } = await import("./http.ts");
  const http = await serveHttp(definition, {
    ...serving,
    ...parseAddress(flags.http),
    token: common.ONCALL_HTTP_TOKEN,
  });
  process.stderr.write(`${options.name}: listening on ${http.url}\n`);
  await new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });
  await http.close();
  return EXIT.ok;
}

/** All that a start reads, so that what would keep the server from starting does not look well; but nothing is made. */
async function buildToExamine<S extends z.ZodObject>(
  { name, config: schema, build }: MainOptions<S>,
  unknown: readonly Finding[],
): Promise<ServerDefinition> {
  const config = readEnvironment(schema);
  const definition = withScopes(await build(config), (config as unknown as CommonConfig).ONCALL_SCOPES);
  const key = await findEvidenceKey();
  return { ...definition, configured: [...unknown, ...(key ? [] : [keyToMake(name)])] };
}

const keyToMake = (backend: string): Finding => ({
  ...{ backend, check: "configured", status: "ok" },
  message: `there is no evidence key yet: the first start makes one in ${keyFile()}`,
});

/** Whoever starts it by hand, or reads a client's log of it, sees it at once; a client's user in the first answer. */
function tellOf(unknown: readonly Finding[]): void {
  if (/^(?:error|silent)$/.test(process.env["ONCALL_LOG_LEVEL"] ?? "")) return;
  for (const { backend, message, cure } of unknown) process.stderr.write(`${backend}: ${message}; ${cure}\n`);
}

function readFlags() {
  try {
    const { values } = parseArgs({
      options: {
        ...{ http: { type: "string" }, version: { type: "boolean" }, help: { type: "boolean", short: "h" } },
        ...{ doctor: { type: "boolean" }, service: { type: "string" }, json: { type: "boolean" } },
      },
      strict: true,
    });
    if (!values.doctor && (values.json || values.service !== undefined)) {
      throw new ConfigError("--json and --service go with --doctor");
    }
    return values;
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)} (see --help)`);
  }
}
