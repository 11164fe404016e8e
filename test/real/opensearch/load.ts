import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

/** How a message may be mapped; what a search can truthfully do depends on it. */
export const MESSAGE_MAPPINGS = {
  /** What an index makes of a string by itself. */
  dynamic: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } },
  text: { type: "text" },
  keyword: { type: "keyword" },
  wildcard: { type: "wildcard" },
  match_only_text: { type: "match_only_text" },
} as const;
export type MessageMappingName = keyof typeof MESSAGE_MAPPINGS;

const BULK = 10_000;

export async function ask(url: string, method: string, path: string, body?: string | object): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { "content-type": typeof body === "string" ? "application/x-ndjson" : "application/json" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 400)}`);
  return JSON.parse(text);
}

/** An index in the Elastic Common Schema. */
export async function createIndex(
  url: string,
  index: string,
  message: MessageMappingName,
  time = "date",
): Promise<void> {
  const keyword = { type: "keyword" };
  await ask(url, "PUT", `/${index}`, {
    settings: { number_of_shards: 2, number_of_replicas: 0, refresh_interval: "-1" },
    mappings: {
      dynamic: false,
      properties: {
        "@timestamp": { type: time },
        "service.name": keyword,
        "log.level": keyword,
        "event.sequence": { type: "long" },
        message: MESSAGE_MAPPINGS[message],
      },
    },
  });
}

/** Documents into an index; each is called `L` and its number, from 1, which also orders those of one instant. */
export async function loadDocuments(
  url: string,
  index: string,
  documents: AsyncIterable<string> | Iterable<string>,
): Promise<number> {
  let count = 0;
  let lines: string[] = [];
  const flush = async () => {
    if (lines.length === 0) return;
    const answer = (await ask(url, "POST", `/${index}/_bulk?filter_path=errors`, `${lines.join("\n")}\n`)) as {
      errors: boolean;
    };
    if (answer.errors) throw new Error(`not every document got into ${index}`);
    lines = [];
  };
  for await (const document of documents) {
    count++;
    lines.push(
      `{"index":{"_id":"L${count}"}}`,
      `{"event.sequence":${count},${document.slice(document.indexOf("{") + 1)}`,
    );
    if (lines.length >= BULK) await flush();
  }
  await flush();
  await ask(url, "POST", `/${index}/_refresh`);
  return count;
}

/** The lines of a recording's log. */
export function linesOf(logs: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(logs).pipe(createGunzip()), crlfDelay: Number.POSITIVE_INFINITY });
}
