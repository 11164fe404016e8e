import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { Edit } from "@oncall-copilot/core";
import { z } from "zod";
import { type CaseStore, DecisionRefused } from "../cases/case-store.ts";
import { REJECTION_REASONS } from "../decide/decision.ts";
import { makeDecision, whyNot } from "../decide/make-decision.ts";
import { openApprovers } from "../decide/open-approvers.ts";
import { mayDecide } from "../decide/who-may.ts";
import { oneLine } from "../deliver/style.ts";
import { EXIT, type ExitCode, UsageError } from "./exit.ts";

export const DECIDE_USAGE =
  "usage: oncall case ID approve|reject|edit --head SHA [--reason REASON] [--words TEXT] [--edits FILE.json | --revert SHA]";

export interface DecideArguments {
  readonly id: string;
  readonly verb: string;
  /** The commit that the draft was at when it was read, or its first 7 digits and more. */
  readonly head: string | undefined;
  readonly reason: string | undefined;
  readonly words: string | undefined;
  /** JSON: [{path, old_text, new_text}], all of the draft's edits. */
  readonly edits: string | undefined;
  readonly revert: string | undefined;
}

/** `oncall case ID approve|reject|edit`: what the buttons do, under the same rules; carried out by whoever works on the cases. */
export async function decideCommand(
  args: DecideArguments,
  cases: CaseStore,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ExitCode> {
  const { verb } = args;
  if (verb !== "approve" && verb !== "reject" && verb !== "edit") throw new UsageError(DECIDE_USAGE);
  const reason = reasonOf(args);
  const change = verb === "edit" ? await changeOf(args) : { edits: null, revert: null };
  const shell = userInfo().username;
  const who = { slack: null, shell, name: `${shell} (shell)` };
  const permission = await mayDecide(who, openApprovers(env, null), AbortSignal.timeout(10_000));
  if (!permission.allowed) return refused(`${permission.why}; at the shell you are shell:${shell}`);
  const one = await cases.find(args.id);
  if (!one) throw new UsageError(`${cases.name} has no case ${args.id}; \`oncall cases\` lists those that are kept`);
  const now = one.pull_request?.commit ?? null;
  if (args.head === undefined || !/^[0-9a-f]{7,64}$/.test(args.head)) {
    throw new UsageError(
      `--head takes the commit that you have read; the draft is at ${now ?? "no commit: there is none"}`,
    );
  }
  const looked = { report: one.final_report?.sha256 ?? null, head: now?.startsWith(args.head) ? now : args.head };
  const why = whyNot(one, { looked });
  if (why !== null) return refused(why);
  try {
    await makeDecision(cases, one.id, {
      ...{ id: `shell-${randomUUID()}`, verb, by: who.name, at: Date.now(), looked, reason },
      ...{ words: args.words ?? null, ...change },
    });
  } catch (error) {
    if (error instanceof DecisionRefused) return refused(error.message);
    throw error;
  }
  process.stdout.write(`recorded: ${verb} by ${oneLine(who.name)}; whoever works on the cases carries it out\n`);
  return EXIT.ok;
}

function refused(why: string): ExitCode {
  process.stderr.write(`not done: ${oneLine(why)}\n`);
  return EXIT.problems;
}

function reasonOf({ verb, reason }: DecideArguments) {
  if (verb !== "reject") return null;
  const found = REJECTION_REASONS.find((one) => one === reason);
  if (found === undefined) throw new UsageError(`reject wants --reason, one of ${REJECTION_REASONS.join(", ")}`);
  return found;
}

async function changeOf({ edits: file, revert }: DecideArguments) {
  if ((file === undefined) === (revert === undefined))
    throw new UsageError("edit wants either --edits FILE.json or --revert SHA");
  if (revert !== undefined) {
    if (!/^[0-9a-f]{40}$/.test(revert)) throw new UsageError("--revert takes a full commit id");
    return { edits: null, revert };
  }
  const text = await readFile(file ?? "", "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read ${file} (${error.code ?? "unknown error"})`);
  });
  try {
    return { edits: z.array(Edit).min(1).parse(JSON.parse(text)), revert: null };
  } catch {
    throw new UsageError(`${file} takes JSON: [{"path": ..., "old_text": ..., "new_text": ...}]`);
  }
}
