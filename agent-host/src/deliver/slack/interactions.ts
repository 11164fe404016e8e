import { createHash } from "node:crypto";
import { type Logger, Report, type Secret } from "@oncall-copilot/core";
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Case } from "../../cases/case.ts";
import { type CaseStore, DecisionRefused } from "../../cases/case-store.ts";
import { makeDecision, type WantedDecision, whyNot } from "../../decide/make-decision.ts";
import { type Approvers, type Decider, mayDecide } from "../../decide/who-may.ts";
import { oneLine } from "../style.ts";
import { ACTION, type BoundTo, boundIn } from "./actions.ts";
import { type Click, interactionIn, type Submission } from "./interaction-payload.ts";
import { changeIn, editModal, MODAL, Remembered, reasonIn, rejectModal, wordsIn } from "./modals.ts";
import { escaped, shortened } from "./plain-text.ts";
import { isFromSlack } from "./verify-signature.ts";

/**
 * What the handler of clicks may touch. It holds no credential of GitHub's and no key of ours: what it records is carried out by
 * whoever works on the case.
 */
export interface InteractionPorts {
  readonly cases: Pick<CaseStore, "find" | "document" | "decide" | "once" | "wake">;
  readonly signingSecret: Secret;
  /** For modals and for words to whoever clicked. */
  readonly slack: () => Promise<WebClient>;
  readonly approvers: Approvers;
  /** Has somebody work on the case, where the store alone does not: a queue. */
  readonly wake?: (caseId: string) => Promise<void>;
  readonly now: () => number;
  readonly log: Logger;
}

export interface InteractionResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Slack gives up after three seconds; before that it is told, so that it does not send the same again for nothing. */
const MAX_MS = 2_700;
/** A click that is sent again is known for this long. */
const REMEMBER_MS = 24 * 3_600_000;

const plainText = { "content-type": "text/plain; charset=utf-8" };
const done: InteractionResponse = { status: 200, headers: plainText, body: "" };
const answer = (status: number, body: string): InteractionResponse => ({ status, headers: plainText, body });

/** One request of Slack's to the interactivity endpoint, answered within three seconds. Never throws. */
export async function handleInteraction(
  rawBody: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  ports: InteractionPorts,
): Promise<InteractionResponse> {
  if (!isFromSlack(rawBody, headers, ports.signingSecret, ports.now())) return answer(401, "not signed by Slack");
  const interaction = interactionIn(rawBody);
  if (!interaction) return done; // of a kind that we ask for nowhere, such as a modal that is closed
  const signal = AbortSignal.timeout(MAX_MS);
  const late = new Promise<InteractionResponse>((resolve) => {
    signal.addEventListener("abort", () => resolve(answer(503, "not done in time; press it again")), { once: true });
  });
  const work = (
    interaction.type === "block_actions" ? click(interaction, ports, signal) : submission(interaction, ports, signal)
  ).catch((error: unknown) => {
    ports.log.error({ "error.message": error instanceof Error ? error.message : String(error) }, "a click failed");
    return answer(503, "not done; press it again");
  });
  return Promise.race([work, late]);
}

const deciderOf = ({ id, name, username }: Click["user"]): Decider => ({
  ...{ slack: id, shell: null },
  name: `${shortened(oneLine(name ?? username ?? "somebody"), 60)} (Slack ${id})`,
});

async function click(from: Click, ports: InteractionPorts, signal: AbortSignal): Promise<InteractionResponse> {
  const [action] = from.actions;
  const bound = action && boundIn(action.value);
  if (!action || !bound || !Object.values<string>(ACTION).includes(action.action_id)) return done;
  const id = `slack-${hash(["click", from.user.id, action.action_id, action.action_ts, bound.case])}`;
  if (!(await ports.cases.once(id, REMEMBER_MS))) return done; // sent again: the first one is, or was, at work
  const say = (words: string) => tell(ports, from.channel.id, from.user.id, words);
  const who = deciderOf(from.user);
  const permission = await mayDecide(who, ports.approvers, signal);
  if (!permission.allowed) return say(`Not done: ${permission.why}.`);
  const current = await ports.cases.find(bound.case);
  if (!current) return say("Not done: this case is kept no longer.");
  if (action.action_id === ACTION.look) {
    await ports.cases.wake(current.id, ports.now());
    await ports.wake?.(current.id);
    return say("Looking again now; the message will say what came of it.");
  }
  const why = whyNot(current, { looked: bound });
  if (why !== null) return say(`Not done: ${why}.`);
  if (action.action_id === ACTION.approve) {
    const wanted = { ...NOTHING, id, verb: "approve" as const, by: who.name, at: ports.now(), looked: bound };
    return (await decide(ports, bound, wanted, say)) ?? done;
  }
  return openModal(from, action.action_id, { current, bound, say }, ports);
}

const NOTHING = { reason: null, words: null, edits: null, revert: null } as const;

interface Opening {
  readonly current: Case;
  readonly bound: BoundTo;
  readonly say: (words: string) => Promise<InteractionResponse>;
}

async function openModal(
  from: Click,
  action: string,
  { current, bound, say }: Opening,
  ports: InteractionPorts,
): Promise<InteractionResponse> {
  const remembered = { bound, channel: from.channel.id };
  const elsewhere = `use: oncall case ${bound.case} edit`;
  const report = action === ACTION.edit ? await reportOf(ports, current) : null;
  if (action === ACTION.edit && !report) return say(`This report cannot be read by this version; ${elsewhere}`);
  const view = report ? editModal(report, remembered) : rejectModal(remembered);
  if (!view) return say(`This draft is too large to edit here; ${elsewhere}`);
  const slack = await ports.slack();
  await slack.views.open({ trigger_id: from.trigger_id ?? "", view: view as never });
  return done;
}

async function submission(
  from: Submission,
  ports: InteractionPorts,
  signal: AbortSignal,
): Promise<InteractionResponse> {
  const { callback_id: callback, private_metadata: text } = from.view;
  const remembered = rememberedIn(text);
  if (!remembered || !Object.values<string>(MODAL).includes(callback)) return done;
  const { bound } = remembered;
  const field = callback === MODAL.reject ? "reason" : "words";
  const wrong = async (words: string) => errors(field, words);
  const who = deciderOf(from.user);
  const permission = await mayDecide(who, ports.approvers, signal);
  if (!permission.allowed) return wrong(`Not done: ${permission.why}.`);
  const id = `slack-${hash(["submission", from.user.id, from.view.id])}`;
  const base = { ...NOTHING, id, by: who.name, at: ports.now(), looked: bound, words: wordsIn(from) };
  let wanted: WantedDecision;
  if (callback === MODAL.reject) {
    const reason = reasonIn(from);
    if (reason === null) return errors("reason", "Choose a reason.");
    wanted = { ...base, verb: "reject", reason };
  } else {
    const current = await ports.cases.find(bound.case);
    const report = current && (await reportOf(ports, current));
    const change = report && changeIn(from, report);
    if (!change) return wrong("Nothing was changed: change it, or cancel and approve.");
    wanted = { ...base, verb: "edit", ...change };
  }
  const failed = await decide(ports, bound, wanted, wrong);
  if (failed) return failed;
  return done;
}

/** The store takes the first of two at once; the same one again, by its id, is no other. Gives what to say where it is refused. */
async function decide(
  ports: InteractionPorts,
  bound: BoundTo,
  wanted: WantedDecision,
  say: (words: string) => Promise<InteractionResponse>,
): Promise<InteractionResponse | undefined> {
  try {
    await makeDecision(ports.cases, bound.case, wanted);
    await ports.wake?.(bound.case);
    return undefined;
  } catch (error) {
    if (error instanceof DecisionRefused) return say(`Not done: ${error.message}.`);
    throw error;
  }
}

/** Seen by whoever clicked, and by nobody else. What cannot be said is no reason to fail. */
async function tell(
  ports: InteractionPorts,
  channel: string,
  user: string,
  words: string,
): Promise<InteractionResponse> {
  try {
    const slack = await ports.slack();
    await slack.chat.postEphemeral({ channel, user, text: escapedWords(words) });
  } catch (error) {
    ports.log.warn({ "error.message": error instanceof Error ? error.message : String(error) }, "nobody could be told");
  }
  return done;
}

const escapedWords = (words: string): string => shortened(escaped(oneLine(words)), 1_500);

const errors = (block: string, words: string): InteractionResponse => ({
  status: 200,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify({ response_action: "errors", errors: { [block]: shortened(oneLine(words), 300) } }),
});

/** For what a modal is filled with. Whoever carries out checks the seal. */
async function reportOf(ports: InteractionPorts, current: Case): Promise<Report | null> {
  if (!current.final_report) return null;
  const json: unknown = JSON.parse(await ports.cases.document(current.id, current.final_report));
  return Sealed.safeParse(json).data ?? null;
}
const Sealed = z.object(Report.shape) as unknown as z.ZodType<Report>;

function rememberedIn(text: string): Remembered | undefined {
  try {
    return Remembered.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const hash = (parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
