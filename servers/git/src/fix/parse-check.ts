import { briefly } from "@oncall-copilot/core";

/** What a parser says is wrong with a text, or undefined when it parses. */
type Check = (text: string) => Promise<string | undefined>;

const yaml: Check = async (text) => {
  const { parseAllDocuments } = await import("yaml");
  const documents = parseAllDocuments(text, { prettyErrors: true });
  const errors = Array.isArray(documents) ? documents.flatMap((document) => document.errors) : [];
  return errors[0]?.message.split("\n")[0];
};

const json: Check = async (text) => {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
};

const hcl: Check = async (text) => {
  const { parse } = await import("@cdktf/hcl2json");
  try {
    await parse("file.tf", text);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
};

const CHECKS: readonly (readonly [RegExp, Check])[] = [
  [/\.ya?ml$/i, yaml],
  [/\.json$/i, json],
  [/\.(?:tf|tfvars|hcl)$/i, hcl],
];

const messageOf = (error: unknown) =>
  briefly(String(error instanceof Error ? error.message : error).split("\n")[0] ?? "", 200);

/**
 * Why a YAML, JSON or HCL file would no longer parse, or undefined. A file that did not parse before (a template, JSON
 * with comments) is left to its reviewer.
 */
export async function parseProblem(
  path: string,
  before: string | undefined,
  after: string,
): Promise<string | undefined> {
  const check = CHECKS.find(([name]) => name.test(path))?.[1];
  const problem = await check?.(after);
  if (!check || problem === undefined) return undefined;
  return before !== undefined && (await check(before)) !== undefined ? undefined : problem;
}
