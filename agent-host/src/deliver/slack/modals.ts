import type { Report } from "@oncall-copilot/core";
import { z } from "zod";
import { MAX_WORDS } from "../../decide/make-decision.ts";
import { oneLine } from "../style.ts";
import { BoundTo } from "./actions.ts";
import { REASONS } from "./case-words.ts";
import type { Submission } from "./interaction-payload.ts";
import { escaped, shortened } from "./plain-text.ts";

/** Slack's limits on what a text field is filled with, and on what a modal remembers. */
const MAX_FIELD = 3_000;
const MAX_LABEL = 140;
const MAX_EDITS = 20;
const MAX_OPTIONS = 20;

export const MODAL = { edit: "oncall_edit_modal", reject: "oncall_reject_modal" } as const;

/** What a modal remembers of the click that opened it. */
export const Remembered = z.strictObject({ bound: BoundTo, channel: z.string() });
export type Remembered = z.infer<typeof Remembered>;

const plain = (text: string) => ({ type: "plain_text", text, emoji: false });
const option = (value: string, text: string) => ({ value, text: plain(shortened(oneLine(text), 75)) });

const wordsInput = (label: string, optional: boolean) => ({
  ...{ type: "input", block_id: "words", optional, label: plain(label) },
  element: { type: "plain_text_input", action_id: "words", multiline: true, max_length: MAX_WORDS },
});

function modal(callback: string, title: string, remembered: Remembered, blocks: readonly object[]) {
  return {
    ...{ type: "modal", callback_id: callback, title: plain(title), submit: plain("Send"), close: plain("Cancel") },
    ...{ private_metadata: JSON.stringify(remembered), blocks },
  };
}

/** Why it is rejected, by one of five reasons and in words: what later proposals learn from. */
export function rejectModal(remembered: Remembered) {
  const options = Object.entries(REASONS).map(([value, text]) => option(value, text));
  return modal(MODAL.reject, "Reject the draft", remembered, [
    {
      ...{ type: "input", block_id: "reason", label: plain("Why") },
      element: { type: "static_select", action_id: "reason", options },
    },
    wordsInput("In your words", true),
  ]);
}

/** The new text of each edit, or the choice of what is reverted. Null where Slack's fields are too small for it. */
export function editModal(report: Report, remembered: Remembered) {
  const { fix } = report;
  const what = fix.kind === "edits" ? editInputs(fix.edits) : fix.kind === "revert" ? revertChoice(report) : null;
  return what && modal(MODAL.edit, "Edit the draft", remembered, [...what, wordsInput("Why", true)]);
}

function editInputs(edits: Report["fix"]["edits"]): object[] | null {
  if (edits.length > MAX_EDITS || edits.some(({ new_text }) => new_text.length > MAX_FIELD)) return null;
  return edits.flatMap(({ path, old_text, new_text }, index) => [
    {
      type: "section",
      text: {
        type: "mrkdwn",
        text: `In \`${escaped(shortened(oneLine(path), 200)).replaceAll("`", "'")}\` this is replaced:`,
        verbatim: true,
      },
    },
    {
      type: "rich_text",
      elements: [
        { type: "rich_text_preformatted", elements: [{ type: "text", text: shortened(old_text, 1_500) || " " }] },
      ],
    },
    {
      ...{ type: "input", block_id: `edit_${index}`, optional: true, label: plain(shortened("by", MAX_LABEL)) },
      element: {
        type: "plain_text_input",
        action_id: "new_text",
        multiline: true,
        initial_value: new_text,
        max_length: MAX_FIELD,
      },
    },
  ]);
}

/** The commit that the draft reverts, and the others that could have done it. */
function revertChoice({ fix, candidates }: Report): object[] | null {
  if (fix.commit === null) return null;
  const others = candidates.filter(
    ({ sha, service }) => sha !== fix.commit && service === fix.service && /^[0-9a-f]{40}$/.test(sha),
  );
  const options = [
    option(fix.commit, `${fix.commit.slice(0, 10)}, as drafted`),
    ...others
      .slice(0, MAX_OPTIONS)
      .map(({ sha, verdict, reason }) => option(sha, `${sha.slice(0, 10)} (${verdict}: ${reason.text})`)),
  ];
  return [
    {
      ...{ type: "input", block_id: "revert", label: plain("Commit to revert") },
      element: { type: "static_select", action_id: "revert", options, initial_option: options[0] },
    },
  ];
}

const valueIn = ({ view }: Submission, block: string, action: string): string =>
  view.state.values[block]?.[action]?.value ?? view.state.values[block]?.[action]?.selected_option?.value ?? "";

export const wordsIn = (submission: Submission): string | null => valueIn(submission, "words", "words").trim() || null;

const Reason = z.enum(["wrong_cause", "right_cause_wrong_fix", "no_incident", "known", "other"]);
export const reasonIn = (submission: Submission) =>
  Reason.safeParse(valueIn(submission, "reason", "reason")).data ?? null;

/** What came back, as the fix would be; null where nothing was changed. Slack's fields drop a last line end: it is put back. */
export function changeIn(
  submission: Submission,
  { fix }: Report,
): { readonly edits: Report["fix"]["edits"] | null; readonly revert: string | null } | null {
  if (fix.kind === "revert") {
    const revert = valueIn(submission, "revert", "revert");
    return /^[0-9a-f]{40}$/.test(revert) && revert !== fix.commit ? { edits: null, revert } : null;
  }
  const edits = fix.edits.map((edit, index) => {
    const typed = valueIn(submission, `edit_${index}`, "new_text");
    return { ...edit, new_text: withLineEnds(typed, edit.new_text) };
  });
  return edits.some(({ new_text }, index) => new_text !== fix.edits[index]?.new_text) ? { edits, revert: null } : null;
}

function withLineEnds(typed: string, as: string): string {
  const text = typed.replace(/\r\n?/g, "\n");
  const ended = as.endsWith("\n") && !text.endsWith("\n") ? `${text}\n` : text;
  return as.includes("\r\n") ? ended.replaceAll("\n", "\r\n") : ended;
}
