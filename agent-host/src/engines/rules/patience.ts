import { escapePattern } from "@oncall-copilot/core";
import { findIn, listFiles, type SourceFile } from "./files.ts";
import type { Inquiry } from "./inquiry.ts";
import type { Blame } from "./seen.ts";

/** How long a caller waits by its own log, and how long it should by git. */
export interface Patience {
  readonly blame: Blame;
  readonly file: SourceFile;
  /** The lines of the file that set it. */
  readonly lines: string;
  /** Whether git says the same. */
  readonly agrees: boolean;
}

const MAX_FILES = 8;
const GAVE_UP = /\btimed out after (\d+(?:\.\d+)?) ?(ms|milliseconds|s|seconds)\b/i;

/**
 * A caller that gives up on one that is as ever has too little patience, or was given too little. Looks up in git what it should be:
 * the setting whose name holds the callee's and speaks of a timeout (`INVENTORY_TIMEOUT_MS`, `inventory.timeout`).
 */
export async function readPatience(inquiry: Inquiry, blame: Blame): Promise<Patience | undefined> {
  const { caller, callee, line } = blame;
  const [, amount, unit = ""] = GAVE_UP.exec(line) ?? [];
  if (amount === undefined) return undefined;
  const waited = Number(amount) * (/^m/i.test(unit) ? 1 : 1000);
  const paths = (await listFiles(inquiry, caller))
    .filter((path) => /\.(?:ya?ml|json|toml|ini|env|properties|conf)$/.test(path))
    .slice(0, MAX_FILES);
  return findIn(inquiry, caller, paths, (file) => {
    const set = settingIn(file.text, callee);
    return set && { blame, file, lines: set.lines, agrees: set.ms === waited };
  });
}

/** The setting of a timeout for `callee`, on one line or, as in a Deployment's `env`, with its value on the next. */
export function settingIn(text: string, callee: string): { lines: string; ms: number } | undefined {
  const name = escapePattern(callee).replace(/[-_]/g, "[-_.]?");
  const setting = new RegExp(
    `\\b(?:\\w+[-_.])?${name}[-_.]?(?:client[-_.]?)?(?:request[-_.]?)?(?:timeout|deadline)\\w*`,
    "i",
  );
  const all = text.split("\n");
  for (const [index, line] of all.entries()) {
    const [key] = setting.exec(line) ?? [];
    if (key === undefined || /^\s*#/.test(line)) continue;
    const rest = line.slice(line.indexOf(key) + key.length);
    const next = all[index + 1] ?? "";
    const [here, below] = [valueIn(rest, key), /^\s*value:/.test(next) ? valueIn(next, key) : undefined];
    const ms = here ?? below;
    if (ms !== undefined) return { lines: here === undefined ? `${line}\n${next}` : line, ms };
  }
  return undefined;
}

function valueIn(text: string, key: string): number | undefined {
  const [, amount, unit = ""] = /[:=]\s*"?'?(\d+(?:\.\d+)?)\s*(ms|s)?"?'?\s*(?:[,#}].*)?$/i.exec(text) ?? [];
  if (amount === undefined) return undefined;
  const seconds = unit === "" ? /sec(?:ond)?s?$|_s$/i.test(key) : unit.toLowerCase() === "s";
  return Number(amount) * (seconds ? 1000 : 1);
}
