/** What holds a sentence: of an evidence item, an answer, an error, a gap. */
const SENTENCE = String.raw`(?:[\w)\]?]\.(?:text|message|summary|why|what|said)|\b(?:message|summary|why))`;
const READS = `(?:startsWith|endsWith|includes|match|matchAll|search|indexOf|lastIndexOf|split)`;

/** A sentence that is searched or cut, and one that is put to a regular expression. */
const SEARCHED = new RegExp(String.raw`${SENTENCE}\)?\??\.${READS}\(`);
const TESTED = new RegExp(String.raw`\.(?:test|exec)\((?:[^()\n]|\([^()\n]*\))*?${SENTENCE}(?![\w(])`);

/** The lines of a file's code that read a sentence, as they stand there. */
export const sentencesRead = (code: string): string[] =>
  code
    .split("\n")
    .filter((line) => SEARCHED.test(line) || TESTED.test(line))
    .map((line) => line.trim());

/** Files that read a text which is no sentence of ours, and why each may. */
export const MAY_READ: Readonly<Record<string, string>> = {
  "agent-host/src/deliver/slack/alert-thread.ts": "a message of Slack's, for the alert's own link",
  "agent-host/src/deliver/slack/card.ts": "shows the first line of an item, and decides nothing",
  "agent-host/src/deliver/slack/thread.ts": "shows an item line by line, and decides nothing",
  "agent-host/src/engines/rules/fixes/capacity.ts": "a manifest, word for word as read_file gave it",
  "agent-host/src/engines/rules/fixes/find-fix.ts": "a policy, word for word as read_file gave it",
  "agent-host/src/engines/rules/fixes/take-back.ts": "a unified diff, which is a format",
  "agent-host/src/propose/propose.ts": "shows the first line of an answer without a message",
  "agent-host/src/signs/blame.ts": "a log line, which a stranger wrote",
  "servers/logs/src/meaning/refused-right.ts": "a log line in AWS's words",
  "core/src/evidence/claim.ts": "whether a quote stands in what it is quoted from",
  "core/src/recording/check/expected.ts": "shows the first line of what the YAML parser says",
  "servers/git/src/fix/parse-check.ts": "shows the first line of what a parser says",
  "servers/git/src/stores/argocd/drifted.ts": "manifests, compared line by line",
  "servers/git/src/stores/github/commit-on-fork.ts": "GitHub's own words: it has no code for these refusals",
  "servers/git/src/stores/github/commits.ts": "GitHub's own words: it has no code for these refusals",
  "servers/git/src/stores/github/fork.ts": "GitHub's own words: it has no code for these refusals",
  "servers/git/src/stores/github/narrow-diff.ts": "a line of a file",
  "servers/git/src/stores/github/repository.ts": "GitHub's own words: it has no code for these refusals",
  "servers/git/src/stores/github/trees.ts": "GitHub's own words: it has no code for these refusals",
  "servers/history/src/stores/duckdb.ts": "shows the first line of what DuckDB says",
  "servers/history/src/stores/snowflake/failure.ts":
    "Snowflake's own words, where one code stands for several failures",
  "servers/logs/src/patterns/signature.ts": "a log line, which a stranger wrote",
  "servers/logs/src/stores/opensearch/pattern-clause.ts": "log lines, which strangers wrote",
  "servers/logs/src/stores/opensearch/whole-text.ts": "a log line, which a stranger wrote",
  "servers/metrics/src/stores/cloudwatch/client.ts": "an answer's bytes: HTML where JSON should be",
  "servers/metrics/src/stores/cloudwatch/refusal.ts": "AWS's own words: the action and who was refused",
  "servers/runbooks/src/decay/names.ts": "code in a page, which a stranger wrote",
  "servers/runbooks/src/pages/front-matter.ts": "shows the first line of what a parser says",
};
