import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { CouldNotLook } from "@oncall-copilot/core";

/** A piece of a log that ends at the end of a line. */
export interface Piece {
  readonly bytes: Buffer;
  /** The same bytes as one character each, so that offsets agree with `bytes` and searching is fast. */
  readonly latin1: string;
}

const PIECE_BYTES = 1 << 18;
/** Longest line there may be, in bytes. */
const MAX_LINE_BYTES = 1 << 24;
const NEWLINE = 10;

/** A file's text in pieces of whole lines, unpacked when its name ends in `.gz`, in bounded memory. */
export async function* scanPieces(path: string, signal: AbortSignal): AsyncGenerator<Piece> {
  const name = path.split("/").pop() ?? path;
  const file = createReadStream(path, { highWaterMark: PIECE_BYTES });
  const input = path.endsWith(".gz") ? file.pipe(createGunzip({ chunkSize: PIECE_BYTES })) : file;
  file.once("error", (error) => input.destroy(error));
  const stop = () => input.destroy();
  signal.addEventListener("abort", stop, { once: true });
  let rest: Buffer[] = [];
  let restBytes = 0;
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      const end = chunk.lastIndexOf(NEWLINE) + 1;
      if (end === 0) {
        restBytes += chunk.length;
        if (restBytes > MAX_LINE_BYTES) throw new Error(`it has a line of more than ${MAX_LINE_BYTES / 1e6} MB`);
        rest.push(chunk);
        continue;
      }
      const head = chunk.subarray(0, end);
      const bytes = rest.length === 0 ? head : Buffer.concat([...rest, head]);
      rest = end < chunk.length ? [chunk.subarray(end)] : [];
      restBytes = chunk.length - end;
      yield { bytes, latin1: bytes.toString("latin1") };
    }
    if (rest.length > 0) {
      const bytes = Buffer.concat([...rest, Buffer.from("\n")]);
      yield { bytes, latin1: bytes.toString("latin1") };
    }
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error ? error.message : String(error);
    throw new CouldNotLook("bad_response", `${name} cannot be read to its end: ${cause}`, { cause: error });
  } finally {
    signal.removeEventListener("abort", stop);
    input.destroy();
    file.destroy();
  }
  signal.throwIfAborted();
}
