import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/** Largest body in bytes: a group of a thousand alerts has less than one megabyte. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The whole body, byte for byte. @throws Refusal when it is too large or ends early */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > MAX_BODY_BYTES) return Promise.reject(tooLarge());
  // Not by async iteration: leaving that early would destroy the connection, and with it the refusal.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else reject(tooLarge());
    });
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.once("close", () => reject(new Refusal(400, "the body ended early")));
  });
}

const tooLarge = () => new Refusal(413, `the body is larger than ${MAX_BODY_BYTES} bytes`);
