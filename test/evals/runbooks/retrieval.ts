import { type Share, shareOf } from "../figures/share.ts";
import { isExpected, type Question } from "./questions.ts";

/** The pages that a way of searching offers for a question, best first; none when it says that there is no runbook. */
export type Search = (question: Question) => readonly string[];

export interface RetrievalScore {
  /** A page that fits is among the first k, of the questions that have one. */
  readonly hit1: Share;
  readonly hit3: Share;
  readonly hit5: Share;
  /** Said that there is none, of the questions that have none. */
  readonly saidNone: Share;
}

export function scoreRetrieval(questions: readonly Question[], search: Search): RetrievalScore {
  const answered = questions.map((question) => ({ question, pages: search(question) }));
  const present = answered.filter(({ question }) => question.expected.length > 0);
  const missing = answered.filter(({ question }) => question.expected.length === 0);
  const hit = (k: number) =>
    shareOf(present.map(({ question, pages }) => pages.slice(0, k).some((id) => isExpected(id, question))));
  return {
    hit1: hit(1),
    hit3: hit(3),
    hit5: hit(5),
    saidNone: shareOf(missing.map(({ pages }) => pages.length === 0)),
  };
}
