/**
 * Takes the arguments of the methods that we call out of Slack's published descriptions: its OpenAPI description (whose repository
 * is archived, and which lacks what came later) and, for what came later, the arguments' types in Slack's own client. In a folder of
 * your own:
 *
 *     git clone --depth 1 https://github.com/slackapi/slack-api-specs
 *     npx tsx test/support/slack/extract.ts FOLDER/slack-api-specs/web-api/slack_web_openapi_v2.json && npm run format
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Methods, each with the interface of the client that describes what came later, and those of its arguments. */
const METHODS: Readonly<Record<string, { readonly file: string; readonly later: readonly string[] }>> = {
  "auth.test": { file: "auth", later: [] },
  "chat.postMessage": { file: "chat", later: ["metadata"] },
  "chat.update": { file: "chat", later: ["metadata", "unfurl_links", "unfurl_media"] },
  "chat.postEphemeral": { file: "chat", later: [] },
  "conversations.history": { file: "conversations", later: ["include_all_metadata"] },
  "conversations.info": { file: "conversations", later: [] },
  "conversations.replies": { file: "conversations", later: ["include_all_metadata"] },
  "files.completeUploadExternal": { file: "files", later: ["files", "channel_id", "initial_comment", "thread_ts"] },
  "files.getUploadURLExternal": { file: "files", later: ["filename", "length", "alt_text", "snippet_type"] },
  "files.info": { file: "files", later: [] },
  "usergroups.users.list": { file: "usergroups", later: [] },
  "users.info": { file: "users", later: [] },
  "views.open": { file: "views", later: [] },
};
const REQUIRED_LATER: Readonly<Record<string, readonly string[]>> = {
  "files.completeUploadExternal": ["files"],
  "files.getUploadURLExternal": ["filename", "length"],
};

interface Parameter {
  readonly name: string;
  readonly type?: string;
  readonly required?: boolean;
}

const [openapi] = process.argv.slice(2);
if (openapi === undefined) throw new Error("give the OpenAPI file");
const described = JSON.parse(readFileSync(openapi, "utf8")) as {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters: readonly Parameter[] }>>>>;
};
const client = dirname(createRequire(import.meta.url).resolve("@slack/web-api/package.json"));
const { version } = JSON.parse(readFileSync(join(client, "package.json"), "utf8")) as { version: string };

const methods = Object.entries(METHODS).map(([method, { file, later }]) => {
  const types = readFileSync(join(client, `dist/types/request/${file}.d.ts`), "utf8");
  const common = readFileSync(join(client, "dist/types/request/common.d.ts"), "utf8");
  const gone = later.filter((name) => !new RegExp(`\\b${name}\\??:`).test(`${types}\n${common}`));
  if (gone.length > 0) throw new Error(`${file}.d.ts no longer has ${gone.join(", ")} of ${method}`);
  const [operation] = Object.values(described.paths[`/${method}`] ?? {});
  const old = (operation?.parameters ?? []).map(({ name, required }) => [name, required === true] as const);
  const all = new Map([
    ...old,
    ...later.map((name) => [name, REQUIRED_LATER[method]?.includes(name) ?? false] as const),
  ]);
  all.delete("token");
  return [method, Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)))] as const;
});
const from = {
  what: "arguments of methods, and whether each is required, taken by extract.ts out of Slack's descriptions",
  openapi: `Slack Web API ${described.info.version}, https://github.com/slackapi/slack-api-specs, MIT, Copyright (c) 2017 SlackAPI`,
  types: `@slack/web-api@${version}, MIT, Copyright (c) Slack Technologies, LLC`,
};
writeFileSync(
  join(import.meta.dirname, "methods.json"),
  `${JSON.stringify({ from, methods: Object.fromEntries(methods) }, null, 2)}\n`,
);
