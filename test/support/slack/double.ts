/** A Slack of our own on loopback: its Web API as far as we call it, with its limits and its ways of saying no. */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { type Received, sendJson, startServer, type TestServer } from "../http/server.ts";
import { blocksProblem } from "./blocks.ts";

type Json = Readonly<Record<string, unknown>>;
type Arguments = Readonly<Record<string, string>>;

const { methods } = JSON.parse(readFileSync(join(import.meta.dirname, "methods.json"), "utf8")) as {
  readonly methods: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
};

/** The scope that each method needs of a bot. */
const SCOPES: Readonly<Record<string, string>> = {
  "chat.postMessage": "chat:write",
  "chat.update": "chat:write",
  "chat.postEphemeral": "chat:write",
  "conversations.history": "channels:history",
  "conversations.replies": "channels:history",
  "conversations.info": "channels:read",
  "files.getUploadURLExternal": "files:write",
  "files.completeUploadExternal": "files:write",
  "files.info": "files:read",
  "usergroups.users.list": "usergroups:read",
  "users.info": "users:read",
};

export interface DoubleMessage {
  readonly channel: string;
  readonly ts: string;
  readonly thread: string | undefined;
  text: string;
  blocks: readonly Json[];
  metadata: Json | undefined;
  readonly extra: Json;
  edits: number;
}

export interface DoubleFile {
  readonly id: string;
  bytes: Buffer;
  complete: boolean;
  /** How often files.info is asked before Slack has processed it. */
  pending: number;
}

export interface DoubleChannel {
  /** Whether the app is in it. */
  member: boolean;
  archived: boolean;
}

export class SlackWorld {
  readonly token = "xoxb-DOUBLE";
  readonly signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
  scopes = new Set(Object.values(SCOPES).concat("users:read.email"));
  readonly channels = new Map<string, DoubleChannel>();
  readonly messages: DoubleMessage[] = [];
  readonly groups = new Map<string, readonly string[]>();
  readonly emails = new Map<string, string>();
  readonly files = new Map<string, DoubleFile>();
  readonly views: { readonly trigger: string; readonly view: Json }[] = [];
  readonly ephemerals: { readonly channel: string; readonly user: string; readonly text: string }[] = [];
  /** Triggers that a click has made and no modal has used. */
  readonly triggers = new Set<string>();
  /** Seconds of pause that the next calls are answered with. */
  readonly rateLimits: number[] = [];
  /** Files that are made from now on are processed after this many looks. */
  pending = 1;
  #clock = 1_772_359_200;

  channel(id: string, more: Partial<DoubleChannel> = {}): string {
    this.channels.set(id, { member: true, archived: false, ...more });
    return id;
  }

  tick(): string {
    return `${++this.#clock}.000100`;
  }

  /** What somebody else has posted. */
  say(channel: string, text: string, extra: Json = {}): DoubleMessage {
    const said = {
      channel,
      ts: this.tick(),
      thread: undefined,
      text,
      blocks: [],
      metadata: undefined,
      extra,
      edits: 0,
    };
    this.messages.push(said);
    return said;
  }

  posted(channel: string): readonly DoubleMessage[] {
    return this.messages.filter((one) => one.channel === channel && one.metadata !== undefined);
  }
}

export interface SlackDouble {
  /** As ONCALL_SLACK_API_URL takes it. */
  readonly url: string;
  readonly world: SlackWorld;
  readonly received: TestServer["received"];
  /** Calls and arguments that Slack does not describe. Must be empty at the end of a test. */
  readonly problems: readonly string[];
  /** Methods in the order they were called. */
  called(): string[];
  /** What Slack sends when somebody clicks or submits, with its signature. */
  interaction(
    payload: object,
    options?: { at?: number; secret?: string; retry?: number },
  ): {
    readonly body: string;
    readonly headers: Readonly<Record<string, string>>;
  };
}

class No extends Error {
  readonly more: Json;
  constructor(error: string, more: Json = {}) {
    super(error);
    this.more = more;
  }
}

const MAX_TEXT = 40_000;

const shownOf = ({ ts, text, blocks, metadata, thread, extra }: DoubleMessage, all: boolean): Json => ({
  ...{ type: "message", ts, text, blocks, ...(thread ? { thread_ts: thread } : {}) },
  ...extra,
  ...(all && metadata ? { metadata } : {}),
});

function contentIn(given: Arguments): Pick<DoubleMessage, "text" | "blocks" | "metadata"> {
  const blocks = given["blocks"] === undefined ? [] : (JSON.parse(given["blocks"]) as Json[]);
  const text = given["text"] ?? "";
  if (text === "" && blocks.length === 0) throw new No("no_text");
  if (text.length > MAX_TEXT) throw new No("msg_too_long");
  const problem = blocksProblem(blocks);
  if (problem === "too_long") throw new No("msg_blocks_too_long");
  if (problem !== undefined) throw new No("invalid_blocks", { errors: [problem] });
  return {
    text,
    blocks,
    metadata: given["metadata"] === undefined ? undefined : (JSON.parse(given["metadata"]) as Json),
  };
}

function channelIn(world: SlackWorld, given: Arguments): string {
  const id = given["channel"] ?? "";
  const channel = world.channels.get(id);
  if (!channel) throw new No("channel_not_found");
  if (channel.archived) throw new No("is_archived");
  if (!channel.member) throw new No("not_in_channel");
  return id;
}

function page(world: SlackWorld, found: readonly DoubleMessage[], given: Arguments): Json {
  const limit = Number(given["limit"] ?? 100);
  const skip = Number(given["cursor"] ?? 0);
  const next = skip + limit < found.length ? String(skip + limit) : "";
  const all = given["include_all_metadata"] === "true";
  const messages = found.slice(skip, skip + limit).map((message) => shownOf(message, all));
  void world;
  return { messages, has_more: next !== "", response_metadata: { next_cursor: next } };
}

function handle(world: SlackWorld, method: string, given: Arguments, base: string): Json {
  switch (method) {
    case "auth.test":
      return {
        url: "https://northwind.slack.test/",
        team: "Northwind",
        user: "oncall",
        team_id: "T1",
        user_id: "U0BOT",
        bot_id: "B1",
      };
    case "chat.postMessage": {
      const channel = channelIn(world, given);
      const made = { channel, ts: world.tick(), thread: given["thread_ts"], ...contentIn(given), extra: {}, edits: 0 };
      world.messages.push(made);
      return { channel, ts: made.ts, message: shownOf(made, false) };
    }
    case "chat.update": {
      const channel = channelIn(world, given);
      const known = world.messages.find((one) => one.channel === channel && one.ts === given["ts"]);
      if (!known) throw new No("message_not_found");
      const { metadata, ...content } = contentIn(given);
      Object.assign(known, content, { metadata: metadata ?? known.metadata, edits: known.edits + 1 });
      return { channel, ts: known.ts, text: known.text };
    }
    case "chat.postEphemeral": {
      const channel = channelIn(world, given);
      world.ephemerals.push({ channel, user: given["user"] ?? "", text: contentIn(given).text });
      return { message_ts: world.tick() };
    }
    case "conversations.info":
      return { channel: { id: given["channel"], is_member: world.channels.get(channelIn(world, given))?.member } };
    case "conversations.history": {
      const channel = channelIn(world, given);
      const oldest = Number(given["oldest"] ?? 0);
      const found = world.messages.filter(
        (one) =>
          one.channel === channel && Number(one.ts) >= oldest && (one.thread === undefined || one.thread === one.ts),
      );
      return page(world, [...found].reverse(), given);
    }
    case "conversations.replies": {
      const channel = channelIn(world, given);
      const found = world.messages.filter(
        (one) => one.channel === channel && (one.ts === given["ts"] || one.thread === given["ts"]),
      );
      if (found.length === 0) throw new No("thread_not_found");
      return page(world, found, given);
    }
    case "usergroups.users.list": {
      const users = world.groups.get(given["usergroup"] ?? "");
      if (!users) throw new No("no_such_subteam");
      return { users };
    }
    case "users.info":
      return { user: { id: given["user"], profile: { email: world.emails.get(given["user"] ?? "") } } };
    case "views.open": {
      const trigger = given["trigger_id"] ?? "";
      if (!world.triggers.delete(trigger)) throw new No("expired_trigger_id");
      world.views.push({ trigger, view: JSON.parse(given["view"] ?? "{}") as Json });
      return { view: { id: `V${world.views.length}` } };
    }
    case "files.getUploadURLExternal": {
      const id = `F${world.files.size + 1}`;
      world.files.set(id, { id, bytes: Buffer.alloc(0), complete: false, pending: world.pending });
      return { upload_url: `${base}/upload/${id}`, file_id: id };
    }
    case "files.completeUploadExternal": {
      const files = JSON.parse(given["files"] ?? "[]") as { id: string }[];
      for (const { id } of files) {
        const file = world.files.get(id);
        if (!file || file.bytes.length === 0) throw new No("file_not_found");
        file.complete = true;
      }
      return { files };
    }
    case "files.info": {
      const file = world.files.get(given["file"] ?? "");
      if (!file?.complete) throw new No("file_not_found");
      if (file.pending > 0) {
        file.pending--;
        return { file: { id: file.id, mimetype: "", filetype: "" } };
      }
      return {
        file: { id: file.id, mimetype: "image/png", filetype: "png", thumb_360: "https://files.slack.test/t.png" },
      };
    }
    default:
      throw new No("unknown_method");
  }
}

/** A picture may be shown once Slack has processed it. */
function pictureProblem(world: SlackWorld, given: Arguments): boolean {
  const ids = [...(given["blocks"] ?? "").matchAll(/"slack_file":\{"id":"([^"]+)"/g)].map(([, id]) => id ?? "");
  return ids.some((id) => world.files.get(id)?.pending !== 0);
}

export async function startSlack(): Promise<SlackDouble> {
  const world = new SlackWorld();
  const problems: string[] = [];
  const calls: string[] = [];

  const answer = (request: Received, response: ServerResponse) => {
    const { pathname } = request.url;
    if (pathname.startsWith("/upload/")) {
      const file = world.files.get(pathname.slice("/upload/".length));
      if (file) file.bytes = Buffer.from(request.body, "latin1");
      return response.writeHead(file ? 200 : 404).end("OK");
    }
    const method = pathname.replace(/^\/api\//, "");
    calls.push(method);
    const no = (error: string, more: Json = {}) => sendJson(response, 200, { ok: false, error, ...more });
    const known = methods[method];
    if (!known) {
      problems.push(`Slack describes no method ${method}`);
      return no("unknown_method");
    }
    const given = Object.fromEntries(new URLSearchParams(request.body)) as Arguments;
    const unknown = Object.keys(given).filter((name) => !(name in known));
    const missing = Object.entries(known).flatMap(([name, required]) => (required && !(name in given) ? [name] : []));
    if (unknown.length + missing.length > 0) {
      problems.push(`${method}: unknown ${unknown.join(", ") || "none"}; missing ${missing.join(", ") || "none"}`);
      return no("invalid_arguments");
    }
    if (request.headers.authorization !== `Bearer ${world.token}`) return no("invalid_auth");
    const pause = world.rateLimits.shift();
    if (pause !== undefined && pause > 0) {
      response.writeHead(429, { "retry-after": String(pause), "content-type": "application/json" });
      return response.end(JSON.stringify({ ok: false, error: "ratelimited" }));
    }
    const scope = SCOPES[method];
    if (scope !== undefined && !world.scopes.has(scope)) {
      return no("missing_scope", { needed: scope, provided: [...world.scopes].join(",") });
    }
    try {
      if (pictureProblem(world, given)) throw new No("invalid_blocks", { errors: ["the file is not processed"] });
      const told = handle(world, method, given, server.url);
      return sendJson(response, 200, { ok: true, ...told }, { "x-oauth-scopes": [...world.scopes].join(",") });
    } catch (error) {
      if (error instanceof No) return no(error.message, error.more);
      problems.push(`${method}: ${error instanceof Error ? error.stack : error}`);
      return no("internal_error");
    }
  };

  const server = await startServer(answer);
  return {
    ...{ url: `${server.url}/api/`, world, received: server.received, problems },
    called: () => [...calls],
    interaction: (payload, { at = Date.now(), secret = world.signingSecret, retry } = {}) => {
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      const timestamp = String(Math.floor(at / 1_000));
      const signature = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
      const headers = {
        ...{ "content-type": "application/x-www-form-urlencoded", "x-slack-request-timestamp": timestamp },
        ...{ "x-slack-signature": `v0=${signature}` },
        ...(retry === undefined ? {} : { "x-slack-retry-num": String(retry), "x-slack-retry-reason": "http_timeout" }),
      };
      return { body, headers };
    },
  };
}
