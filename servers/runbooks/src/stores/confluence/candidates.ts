import { CouldNotLook } from "@oncall-copilot/core";
import { topicOf } from "../../ranking/words.ts";
import type { Sought } from "../../store.ts";
import type { Api, Content } from "./api.ts";
import { withAnyWord, withId, within, withLabel, withName, withTitleLike } from "./cql.ts";
import { LISTED } from "./shelf.ts";

/** Pages taken of each query. */
const MOST = 50;

export interface Candidates {
  readonly listed: readonly Content[];
  readonly gaps: readonly string[];
}

/**
 * The pages that may fit, by Confluence's own search: those with the service's label or name, those with the alert's name, those
 * whose title has its words, and those with the symptom's words. `sample` are pages of all kinds: with them, how rare a word is among
 * the pages found comes near to how rare it is among all.
 */
export async function candidates(
  api: Api,
  spaces: readonly string[],
  sought: Sought,
  sample: readonly string[],
): Promise<Candidates> {
  const conditions = conditionsOf(sought);
  const queries = [
    ...conditions.map((condition) => within(spaces, condition)),
    ...(sample.length > 0 ? [within(spaces, withId(sample))] : []),
  ];
  const asked = await Promise.allSettled(
    queries.map((cql, index) =>
      api.search({ cql, expand: LISTED, most: index < conditions.length ? MOST : sample.length }),
    ),
  );
  const listed = new Map<string, Content>();
  const failures: CouldNotLook[] = [];
  for (const outcome of asked) {
    if (outcome.status === "fulfilled") for (const page of outcome.value.pages) listed.set(page.id, page);
    else if (outcome.reason instanceof CouldNotLook) failures.push(outcome.reason);
    else throw outcome.reason;
  }
  const [first] = failures;
  if (first && failures.length === asked.length) throw first;
  // In an order that does not depend on Confluence's.
  const inOrder = [...listed.values()].sort((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
  return {
    listed: inOrder,
    gaps: first
      ? [`could not look for runbook pages in ${failures.length} of ${asked.length} ways: ${first.message}`]
      : [],
  };
}

function conditionsOf({ service, alert, words, page }: Sought): string[] {
  if (page !== undefined) return [withTitleLike(page)];
  const [name = ""] = service;
  return [
    withLabel(service),
    withAnyWord("title", name),
    ...(alert === undefined ? [] : [withName(alert), withAnyWord("title", topicOf(alert, name).join(" "))]),
    ...(words === undefined ? [] : [withAnyWord("text", words)]),
  ].filter((condition) => condition !== undefined);
}
