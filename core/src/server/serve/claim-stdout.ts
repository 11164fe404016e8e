import { Writable } from "node:stream";

/**
 * Keeps stdout for what it is meant for: what anything else prints there (a vendor's client, a stray console.log) goes to
 * stderr. Returns the stream that reaches the real stdout. It never fails: a reader that closed its end of the pipe is
 * told of once, by `gone`, and there is no one left to tell anything else.
 */
export function claimStdout(gone: () => void): Writable {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  process.stdout.on("error", gone);
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      write(chunk, () => done());
    },
  });
}
