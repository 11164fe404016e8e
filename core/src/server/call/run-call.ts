import { randomUUID } from "node:crypto";
import { checkClaim } from "../../evidence/claim.ts";
import { type Evidence, type EvidenceDraft, instant, interval } from "../../evidence/evidence.ts";
import { type EvidenceKey, mintEvidence, verifyEvidence } from "../../evidence/receipt.ts";
import type { Logger } from "../../log.ts";
import { type Answer, BadRequest, CouldNotLook, type NothingFound } from "../../outcome.ts";
import { redact, redactDeep } from "../../redact/redact.ts";
import { estimateTokens } from "../../tokens.ts";
import type { ServerDefinition } from "../define-server.ts";
import type { Notices } from "../doctor/startup-check.ts";
import type { AnyTool, ToolContext } from "../tool.ts";
import { parseArguments } from "./arguments.ts";
import { answerText, badRequest, type CallResult, couldNotLook, structureAnswer, withNotices } from "./result.ts";

export const DEFAULT_DEADLINE_MS = 20_000;
export const DEFAULT_MAX_TOKENS = 3_000;

/** What a call needs from whoever serves it. */
export interface CallOptions {
  readonly key: EvidenceKey;
  readonly log: Logger;
  readonly signal?: AbortSignal;
  readonly progress?: (message: string) => void;
  /** What the server has to say of its own set-up, once. */
  readonly notices?: Notices;
  /** Overrides every tool's own deadline, in milliseconds. */
  readonly deadlineMs?: number;
}

/**
 * The single place where a call is run: arguments checked, deadline and cancellation joined, the answer redacted and
 * bounded, and whatever happens turned into one of the four outcomes. It never throws.
 */
export async function runCall(
  server: ServerDefinition,
  tool: AnyTool,
  raw: unknown,
  options: CallOptions,
): Promise<CallResult> {
  try {
    const input = parseArguments(tool.input, raw);
    const answer = await withDeadline(tool, options, (signal) => tool.run(input, contextFor(server, options, signal)));
    const absence = answer.outcome === "nothing_found" ? await mint(server, options.key, absent(answer)) : undefined;
    return withNotices(await finish(tool, answer, absence), options.notices?.take() ?? []);
  } catch (error) {
    return await failed(tool, error, options);
  }
}

function contextFor(server: ServerDefinition, options: CallOptions, signal: AbortSignal): ToolContext {
  return {
    signal,
    now: server.now(),
    log: options.log,
    progress: (message) => options.progress?.(message),
    evidence: (draft) => mint(server, options.key, draft),
    verify: (evidence) => verifyEvidence(options.key, evidence),
    checkClaim: (claim, known, vocabulary) => checkClaim(claim, known, options.key, vocabulary),
  };
}

async function mint(server: ServerDefinition, key: EvidenceKey, draft: EvidenceDraft): Promise<Evidence> {
  const [text, url] = [await redact(draft.text), await redact(draft.url)];
  const { value: shows } = await redactDeep(draft.shows);
  return mintEvidence(key, server.letter, { ...draft, text: text.text, url: url.text, shows });
}

/** Looked, and found nothing: an item that says what was searched, so that a claim of absence can be cited. */
function absent({ summary, searched, absence }: NothingFound<unknown>): EvidenceDraft {
  const { about, over, from, to, url } = absence;
  return {
    text: `${summary}\nSearched: ${searched}`,
    url,
    at: from === undefined ? instant(to) : interval(from, to),
    about,
    shows: [{ shows: "absent", from, to, over }],
  };
}

/** Runs with a signal that aborts on cancellation or at the deadline, and stops waiting then even if the tool does not. */
async function withDeadline<T>(
  tool: AnyTool,
  options: CallOptions,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ms = options.deadlineMs ?? tool.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(
      new CouldNotLook("timed_out", `${tool.name} did not finish within ${ms / 1000} s`, {
        tryNext: ["a shorter window"],
      }),
    );
  }, ms);
  const cancel = () => controller.abort(new CouldNotLook("cancelled", `${tool.name} was cancelled by the caller`));
  if (options.signal?.aborted) cancel();
  options.signal?.addEventListener("abort", cancel, { once: true });
  const { signal } = controller;
  try {
    signal.throwIfAborted();
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    stopped.catch(() => {}); // the race below may already be over
    return await Promise.race([run(signal), stopped]).catch((error: unknown) => {
      // A backend's own abort error says less than why it was aborted.
      throw signal.aborted ? signal.reason : error;
    });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", cancel);
  }
}

async function finish(
  tool: AnyTool,
  answer: Answer<Record<string, unknown>>,
  absence: Evidence | undefined,
): Promise<CallResult> {
  const { value: safe } = await redactDeep(answer);
  const data = tool.output.parse(safe.data) as Record<string, unknown>;
  const clean = { ...safe, data };
  const structured = structureAnswer(clean, absence);
  const text = answerText(clean, tool.text(data), absence);
  const most = tool.maxTokens ?? DEFAULT_MAX_TOKENS;
  const size = Math.max(estimateTokens(text), estimateTokens(JSON.stringify(structured)));
  if (size > most) {
    throw new CouldNotLook(
      "too_large",
      `the answer would take about ${size} tokens, more than the ${most} this tool may give`,
      {
        tryNext: ["a shorter window", "a narrower filter or a smaller limit"],
      },
    );
  }
  return { isError: false, text, structured };
}

/** Longest message in characters: it may echo an argument of any length. */
const MAX_MESSAGE = 1_000;

const brief = (message: string): string =>
  message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE)}… (${message.length} characters)`;

async function failed(tool: AnyTool, error: unknown, options: CallOptions): Promise<CallResult> {
  if (error instanceof BadRequest) {
    const { value: tryNext } = await redactDeep(error.tryNext);
    return badRequest(new BadRequest(brief((await redact(error.message)).text), { tryNext }));
  }
  if (error instanceof CouldNotLook) {
    const cause = error.cause instanceof Error ? (await redact(error.cause.message)).text : undefined;
    if (cause !== undefined) options.log.warn({ "tool.name": tool.name, "error.message": cause }, "could not look");
    const message = brief((await redact(error.message)).text);
    const { value: tryNext } = await redactDeep(error.tryNext);
    const patch = error.patch === undefined ? undefined : (await redact(error.patch)).text;
    return couldNotLook(new CouldNotLook(error.reason, message, { tryNext, patch }));
  }
  // The client gets a reference and no detail: a stack names paths, a message may quote a credential.
  const reference = randomUUID().slice(0, 8);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  options.log.error(
    { "tool.name": tool.name, "error.stack_trace": (await redact(stack)).text, reference },
    "unexpected failure in a tool",
  );
  return couldNotLook(
    new CouldNotLook(
      "internal",
      `${tool.name} failed unexpectedly; its operator finds the cause in the server's log under ${reference}`,
    ),
  );
}
