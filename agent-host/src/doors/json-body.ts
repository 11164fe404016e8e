import { AlertError } from "@oncall-copilot/core";

/** @throws AlertError */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch (error) {
    throw new AlertError(`the body is not JSON (${error instanceof Error ? error.message : "unreadable"})`);
  }
}
