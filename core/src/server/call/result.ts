import { type Evidence, fence } from "../../evidence/evidence.ts";
import type { Answer, BadRequest, CouldNotLook } from "../../outcome.ts";

/** What a caller gets, whatever the SDK: the same facts twice, once as text and once as data. */
export interface CallResult {
  readonly isError: boolean;
  readonly text: string;
  readonly structured: Readonly<Record<string, unknown>>;
}

const bullets = (lines: readonly string[]) => lines.map((line) => `\n- ${line}`).join("");

/** An answer's data with the facts every tool shares around it. */
export function structureAnswer(
  answer: Answer<Record<string, unknown>>,
  absence: Evidence | undefined,
): Record<string, unknown> {
  const empty =
    answer.outcome === "nothing_found"
      ? { searched: answer.searched, try_next: [...answer.tryNext], ...(absence ? { absence } : {}) }
      : {};
  const gaps = answer.gaps && answer.gaps.length > 0 ? { gaps: [...answer.gaps] } : {};
  return { outcome: answer.outcome, summary: answer.summary, ...empty, ...gaps, ...answer.data };
}

export function answerText(
  answer: Answer<Record<string, unknown>>,
  body: string,
  absence: Evidence | undefined,
): string {
  let head = answer.summary;
  if (answer.outcome === "nothing_found") {
    // The item says what was searched.
    head += absence ? `\nNothing found:\n${fence(absence)}` : `\nNothing found. Searched: ${answer.searched}`;
    if (answer.tryNext.length > 0) head += `\nTry next:${bullets(answer.tryNext)}`;
  }
  if (answer.gaps && answer.gaps.length > 0) head += `\nNot seen (gaps, not evidence):${bullets(answer.gaps)}`;
  return body === "" ? head : `${head}\n\n${body}`;
}

/** The same answer with what the server has to say of its own set-up: no part of what was asked, and no gap in it. */
export function withNotices(result: CallResult, notices: readonly string[]): CallResult {
  if (notices.length === 0) return result;
  return {
    ...result,
    text: `${result.text}\n\nOf this server's set-up (said once; run it with --doctor for all):${bullets(notices)}`,
    structured: { ...result.structured, notices: [...notices] },
  };
}

export function couldNotLook(error: CouldNotLook): CallResult {
  const next = error.tryNext.length > 0 ? `\nTry next:${bullets(error.tryNext)}` : "";
  const patch = error.patch === undefined ? "" : `\nThe patch, to be applied by hand:\n${error.patch}`;
  return {
    isError: true,
    text: `Could not look (${error.reason}): ${error.message}\nThis is a gap, not evidence that nothing is there.${next}${patch}`,
    structured: {
      outcome: "could_not_look",
      reason: error.reason,
      message: error.message,
      ...(error.patch === undefined ? {} : { patch: error.patch }),
      ...(error.tryNext.length > 0 ? { try_next: [...error.tryNext] } : {}),
    },
  };
}

export function badRequest(error: BadRequest): CallResult {
  const next = error.tryNext.length > 0 ? `\nTry next:${bullets(error.tryNext)}` : "";
  return {
    isError: true,
    text: `Bad request: ${error.message}${next}`,
    structured: {
      outcome: "bad_request",
      message: error.message,
      ...(error.tryNext.length > 0 ? { try_next: [...error.tryNext] } : {}),
    },
  };
}
