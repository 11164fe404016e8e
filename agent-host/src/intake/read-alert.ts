import { readFile, stat } from "node:fs/promises";
import { AlertError, type Incident, incidentFromPayload } from "@oncall-copilot/core";
import { cleanIncident } from "./clean-incident.ts";

/** Largest alert payload in bytes; Alertmanager's own are a few kilobytes. */
const MAX_BYTES = 4 * 1024 * 1024;

export interface ReceivedAlert {
  readonly incident: Incident;
  /** The payload as it came, for the audit log's hash. */
  readonly raw: string;
}

/**
 * Reads an alert payload from a file, `-` for standard input.
 *
 * @throws AlertError naming the file and what is wrong with it.
 */
export async function readAlert(file: string): Promise<ReceivedAlert> {
  const raw = file === "-" ? await readStdin() : await readAlertFile(file);
  let payload: unknown;
  try {
    payload = JSON.parse(raw);
  } catch (error) {
    throw new AlertError(`${file}: not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  try {
    return { incident: await cleanIncident(incidentFromPayload(payload)), raw };
  } catch (error) {
    if (error instanceof AlertError) throw new AlertError(`${file}: ${error.message}`);
    throw error;
  }
}

async function readAlertFile(file: string): Promise<string> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new AlertError(`cannot read ${file} (${error.code ?? "unknown error"})`);
  });
  if (found.isDirectory())
    throw new AlertError(
      `${file} is a folder; give the alert's JSON file, such as ${file.replace(/\/$/, "")}/alert.json`,
    );
  if (found.size > MAX_BYTES) throw new AlertError(`${file} is larger than ${MAX_BYTES} bytes`);
  return readFile(file, "utf8");
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new AlertError(`standard input is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
