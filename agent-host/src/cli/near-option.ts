import { parseArgs } from "node:util";
import { editDistance } from "@oncall-copilot/core";
import { UsageError } from "./exit.ts";

type Options = Readonly<Record<string, { readonly type: "string" | "boolean"; readonly short?: string }>>;

/** Most slips of the hand in an option that is still taken for another. */
const MAX_SLIPS = 2;

/** @throws UsageError for an option that there is not, with the one that was likely meant */
export function refuseUnknownOptions(options: Options, args: readonly string[]): void {
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== "option" || Object.hasOwn(options, token.name)) continue;
    const near = nearestOption(token.name, Object.keys(options));
    const help = near === undefined ? "oncall --help lists the options" : `did you mean --${near}?`;
    throw new UsageError(`there is no option ${token.rawName}; ${help}`);
  }
}

/** The option that a wrong one is likely meant to be: of short ones, one slip at the most. */
function nearestOption(typed: string, known: readonly string[]): string | undefined {
  const plain = (name: string) => name.replace(/[-_]/g, "").toLowerCase();
  const [best] = known
    .map((name) => ({ name, slips: editDistance(plain(typed), plain(name)) }))
    .sort((a, b) => a.slips - b.slips);
  return best && best.slips <= Math.min(MAX_SLIPS, Math.floor(typed.length / 3)) ? best.name : undefined;
}
