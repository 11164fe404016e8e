import { z } from "zod";

/**
 * What a server says of itself in its package.json, under `oncall`. It is the only place: the host, the build, the tests and
 * the README's table read it from here.
 */
export const Declaration = z.strictObject({
  /** Short name, also the first half of its scopes: `logs`, `metrics`, ... */
  server: z.string().regex(/^[a-z][a-z0-9]*$/, "a short name in lower case, such as traces"),
  /** First letter of its evidence ids. `a` is the host's, for the alert. */
  letter: z.string().regex(/^[b-z]$/, "one letter from b to z that no other server has"),
  /** The kind of evidence that it gives. Kinds that agree are counted, so two servers of one kind count once. */
  evidence: z.string().regex(/^[a-z]+$/, "a word, such as logs"),
  /** Whether its evidence can show what caused an incident. A runbook says what to do, and not what happened. */
  identifies_cause: z.boolean(),
  /** Whether it sees what is happening now. Where nothing of that kind could be seen, nothing can be said. */
  sees_present: z.boolean(),
  /** Names of its tools, so that it can be said whose a tool is that is not there. */
  tools: z.array(z.string()).min(1),
  /** Environment variables it may see, exact or ending in `*`, besides the ones every server takes. */
  environment: z.array(z.string()),
  /** Those of them that each have it answer from something live, and not from a recording. */
  live: z.array(z.string()).default([]),
  /** Packages that are not bundled: native code, files beside the code, or a client that most starts do not need. */
  external: z.array(z.string()).default([]),
});
export type Declaration = z.infer<typeof Declaration>;

/** The parts of a server's package.json that others read. */
export const ServerPackageJson = z.object({
  name: z.string(),
  version: z.string(),
  bin: z.record(z.string(), z.string()),
  oncall: Declaration,
});

/** The names that a server is built with, out of its own package.json. The bin's name is the MCP server's. */
export function declaredBy(json: unknown): {
  readonly name: string;
  readonly version: string;
  readonly letter: string;
} {
  const { bin, version, oncall } = ServerPackageJson.parse(json);
  const [name] = Object.keys(bin);
  if (name === undefined) throw new Error(`${oncall.server}: its package.json has no bin`);
  return { name, version, letter: oncall.letter };
}
