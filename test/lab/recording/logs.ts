import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

interface LogLine {
  readonly at: string;
  readonly text: string;
}

/** All pods' lines between two moments, in the order of their time stamps. */
export async function collectLogs(directory: string, from: Date, to: Date): Promise<string> {
  const first = from.toISOString();
  const last = to.toISOString();
  const lines: LogLine[] = [];
  for (const file of (await readdir(directory)).sort()) {
    if (!file.endsWith(".log")) continue;
    for (const line of parseLines(await readFile(path.join(directory, file), "utf8"), file)) {
      if (line.at >= first && line.at <= last) lines.push(line);
    }
  }
  lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return lines.map((line) => `${line.text}\n`).join("");
}

/** A pod that dies says so in plain text; that must not be lost, but kept as one line of its service's. */
function parseLines(text: string, file: string): LogLine[] {
  const parsed: LogLine[] = [];
  const stray: string[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    if (!line.startsWith('{"@timestamp"')) {
      stray.push(line);
      continue;
    }
    const record: { "@timestamp": string } = JSON.parse(line);
    parsed.push({ at: record["@timestamp"], text: line });
  }
  const last = parsed.at(-1);
  if (stray.length > 0 && last !== undefined) {
    const pod = file.replace(/\.log$/, "");
    const record = {
      "@timestamp": last.at,
      "service.name": pod.replace(/-[^-]+-[^-]+$/, ""),
      "log.level": "error",
      message: inContainer(stray.join("\n")),
      "log.logger": "stderr",
      "k8s.pod.name": pod,
    };
    parsed.push({ at: last.at, text: JSON.stringify(record) });
  }
  return parsed;
}

/** Stack traces of a dying process name files of the run's work folder, and so the scenario; in a container they lie in /app. */
function inContainer(text: string): string {
  return text.replaceAll(/(?:\/[\w.-]+)+\/worktrees\/[0-9a-f]+\//g, "/app/");
}
