import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { CouldNotLook } from "../outcome.ts";

export interface NumberedLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** Lines of a file, unpacked when its name ends in `.gz`, one at a time in bounded memory; empty ones are passed over. */
export async function* readLines(path: string, signal?: AbortSignal): AsyncGenerator<NumberedLine> {
  signal?.throwIfAborted();
  const file = createReadStream(path, signal ? { signal } : {});
  const gunzip = path.endsWith(".gz") ? createGunzip() : undefined;
  const input = gunzip ? file.pipe(gunzip) : file;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    input.destroy();
  };
  file.once("error", fail);
  gunzip?.once("error", fail);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  // An aborted input is destroyed without an end, which alone would leave the loop below waiting for ever.
  const stop = () => lines.close();
  signal?.addEventListener("abort", stop, { once: true });
  let number = 0;
  try {
    for await (const text of lines) {
      number++;
      if (text !== "") yield { number, text };
    }
  } catch (error) {
    // A packed file that was cut short surfaces here, through the lines, and not as an event alone.
    failure ??= error instanceof Error ? error : new Error(String(error));
  } finally {
    signal?.removeEventListener("abort", stop);
    lines.close();
    file.destroy();
  }
  signal?.throwIfAborted();
  if (failure)
    throw new CouldNotLook(
      "bad_response",
      `${path.split("/").pop()} cannot be read after line ${number}: ${failure.message}`,
    );
}
