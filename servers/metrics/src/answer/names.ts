import { estimateTokens } from "@oncall-copilot/core";

/** What a list of names may take of an answer, in tokens; a longer one is cut and the summary says by how many. */
const MAX_TOKENS = 60;

export interface Named {
  readonly names: readonly string[];
  readonly leftOut: number;
}

/** As many names, from the front, as an answer has room for. */
export function nameSome(all: readonly string[]): Named {
  let tokens = 0;
  const cut = all.findIndex((name) => {
    tokens += estimateTokens(name) + 1;
    return tokens > MAX_TOKENS;
  });
  const names = cut < 0 ? all : all.slice(0, cut);
  return { names, leftOut: all.length - names.length };
}
