import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";

/** One request to a model and its answer, as they went over the wire. Request headers, and so the key, are never kept. */
const Exchange = z.strictObject({
  /** The recording's name. */
  case: z.string(),
  /** SHA-256 of the request's body, less its nonces: tells whether the engine still asks the same. */
  request_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  status: z.int().min(100).max(599),
  content_type: z.string(),
  /** The whole body of the answer, server-sent events as they came. */
  body: z.string(),
});
export type Exchange = z.output<typeof Exchange>;

/**
 * A run of the Claude engine over some recordings, kept so that it can be run again without a key. JSON Lines: a header, then the
 * exchanges in the order they were made.
 */
export interface ModelRun {
  /** 64 hex digits. Evidence ids depend on it, and the model's answers quote them, so a replay needs the same. A key for this only. */
  readonly evidenceKey: string;
  readonly exchanges: readonly Exchange[];
}

const Header = z.strictObject({ model_run: z.literal(1), evidence_key: z.string().regex(/^[0-9a-f]{64}$/) });

/** Throws an Error that names the file and the line that is wrong. */
export async function readModelRun(file: string): Promise<ModelRun> {
  const [first = "", ...rest] = (await readFile(file, "utf8")).trimEnd().split("\n");
  const parse = <T>(schema: z.ZodType<T>, line: string, number: number): T => {
    try {
      return schema.parse(JSON.parse(line));
    } catch {
      throw new Error(`${file} line ${number}: not what --record-model writes`);
    }
  };
  const { evidence_key: evidenceKey } = parse(Header, first, 1);
  return { evidenceKey, exchanges: rest.map((line, index) => parse(Exchange, line, index + 2)) };
}

export async function writeModelRun(file: string, { evidenceKey, exchanges }: ModelRun): Promise<void> {
  const lines = [{ model_run: 1, evidence_key: evidenceKey }, ...exchanges].map((line) => JSON.stringify(line));
  await writeFile(file, `${lines.join("\n")}\n`);
}
