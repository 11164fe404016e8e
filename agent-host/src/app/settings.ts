import { ConfigError, parseRfc3339 } from "@oncall-copilot/core";
import { commonVariables, readEnvironment, secret } from "@oncall-copilot/core/server";
import { z } from "zod";
import { fromRecording } from "../tools/from-recording.ts";

/** The variables that the host itself reads, beside the engines' and those it hands on to servers. */
export const HostVariables = z.object({
  ONCALL_RECORDING: commonVariables.ONCALL_RECORDING,
  ONCALL_AS_OF: z.string().optional().describe("the moment to stand for, RFC 3339; default: now, or the recording's"),
  ONCALL_CATALOG: commonVariables.ONCALL_CATALOG,
  ONCALL_ENGINE: z.enum(["claude", "rules"]).optional().describe("engine; default: claude where a model is configured"),
  ONCALL_TRANSPORT: z.enum(["child", "in-process"]).default("child").describe("how servers without a URL are run"),
  ONCALL_MAX_TRIAGES: z.coerce.number().int().min(1).max(64).default(4).describe("triages at once in one process"),
  ONCALL_MAX_WAITING: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(64)
    .describe("triages that may wait for their turn; above that a sender is told that it is busy"),
  ONCALL_SIGNING_KEY: secret().optional().describe("private key that reports are signed with (Ed25519, PKCS#8, PEM)"),
  ONCALL_SIGNING_KEY_FILE: z
    .string()
    .optional()
    .describe("where that key lies; default: beside the evidence key, made on first use"),
  ONCALL_SIGNING_KMS_KEY: z
    .string()
    .optional()
    .describe("a key in AWS KMS to sign with instead (ECC_NIST_EDWARDS25519)"),
  ONCALL_GIT_WORKDIR: z.string().optional().describe("where clones and local forks lie; default: beside the report"),
});

/** What a caller asks for in place of a variable: a command's flags, a door's configuration. */
export interface Wishes {
  readonly recording?: string | undefined;
  readonly asOf?: string | undefined;
  readonly engine?: string | undefined;
  readonly transport?: string | undefined;
}

/** Everything that one run of the host goes by. */
export interface Settings {
  /** Null: Claude where a model is configured, else the rules. */
  readonly engine: "claude" | "rules" | null;
  readonly transport: "child" | "in-process";
  /** Folder of a recording, or null when live backends answer. */
  readonly recording: string | null;
  readonly catalog: string | null;
  /** Epoch milliseconds, or null for what is usual: now, or a recording's alert plus five minutes. */
  readonly asOf: number | null;
  readonly gitWorkdir: string | null;
  /** Triages at once, and how many may wait for their turn. */
  readonly maxTriages: number;
  readonly maxWaiting: number;
  /** For servers and engines, each of which reads its own. */
  readonly env: NodeJS.ProcessEnv;
}

/** What a wish is called by the person who made it, and the variable that it stands before. */
const FLAGS: readonly (readonly [keyof Wishes, flag: string, variable: string, takes: string])[] = [
  ["engine", "--engine", "ONCALL_ENGINE", "claude or rules"],
  ["transport", "--transport", "ONCALL_TRANSPORT", "child or in-process"],
];

/**
 * Reads the host's settings: wishes first, then the environment, then defaults.
 *
 * @throws ConfigError that names the flag or variable that is wrong, and what it takes.
 */
export function readSettings(env: NodeJS.ProcessEnv, wishes: Wishes = {}): Settings {
  for (const [wish, flag, variable, takes] of FLAGS) {
    const value = wishes[wish];
    const type = HostVariables.shape[variable as keyof typeof HostVariables.shape];
    if (value !== undefined && !type.safeParse(value).success)
      throw new ConfigError(`${flag} takes ${takes}, not "${value}"`);
  }
  const around = wishes.recording === undefined ? env : fromRecording(env, wishes.recording);
  const asked = { ONCALL_ENGINE: wishes.engine, ONCALL_TRANSPORT: wishes.transport, ONCALL_AS_OF: wishes.asOf };
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const read = readEnvironment(HostVariables, { ...around, ...given });
  return {
    engine: read.ONCALL_ENGINE ?? null,
    transport: read.ONCALL_TRANSPORT,
    recording: read.ONCALL_RECORDING ?? null,
    catalog: read.ONCALL_CATALOG ?? null,
    asOf: momentOf(read.ONCALL_AS_OF, wishes.asOf === undefined ? "ONCALL_AS_OF" : "--as-of"),
    gitWorkdir: read.ONCALL_GIT_WORKDIR ?? null,
    maxTriages: read.ONCALL_MAX_TRIAGES,
    maxWaiting: read.ONCALL_MAX_WAITING,
    env: around,
  };
}

function momentOf(text: string | undefined, name: string): number | null {
  if (text === undefined) return null;
  const moment = parseRfc3339(text);
  if (!Number.isNaN(moment)) return moment;
  throw new ConfigError(`${name} takes an RFC 3339 time with a zone, such as 2026-03-01T10:00:00Z, not "${text}"`);
}
