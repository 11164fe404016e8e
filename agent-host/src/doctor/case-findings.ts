import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Catalog, ConfigError } from "@oncall-copilot/core";
import { type Finding, readEnvironment } from "@oncall-copilot/core/server";
import { CaseVariables, openCases } from "../app/open-cases.ts";
import { StoreTooNew, StoreUnavailable } from "../cases/case-store.ts";
import { DoorVariables, readDoors } from "../doors/door-settings.ts";
import { queueFindings } from "./queue-findings.ts";

const finding = (
  backend: string,
  check: Finding["check"],
  status: Finding["status"],
  message: string,
  cure?: string,
): Finding => ({ backend, check, status, message, ...(cure === undefined ? {} : { cure }) });

/** Where cases are kept, whether alerts get in, what wakes a triage, and whether anything is posted. Empty where nothing of it is set. */
export async function caseFindings(env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const names = [...Object.keys(CaseVariables.shape), ...Object.keys(DoorVariables.shape), "ONCALL_WAKE_QUEUE_URL"];
  if (!names.some((name) => env[name] || env[`${name}_FILE`])) return [];
  try {
    const read = readEnvironment(CaseVariables, env);
    const store = read.ONCALL_CASES_TABLE
      ? await asked(
          "DynamoDB",
          env,
          `the table ${read.ONCALL_CASES_TABLE}`,
          "ask again; see whether AWS can be reached from here",
        )
      : await fileFindings(env, read.ONCALL_CASES ?? "oncall-cases.db");
    return [...store, ...(await queueFindings(env)), doorsFinding(env), modeFinding(read.ONCALL_MODE)];
  } catch (error) {
    if (error instanceof ConfigError) return [finding("cases", "configured", "failure", error.message)];
    throw error;
  }
}

async function fileFindings(env: NodeJS.ProcessEnv, path: string): Promise<readonly Finding[]> {
  const file = resolve(path);
  const there = await canDo(file, constants.R_OK | constants.W_OK);
  if (there === "missing") {
    const folder = dirname(file);
    return (await canDo(folder, constants.W_OK)) === "yes"
      ? [finding("cases", "configured", "ok", `${path} is not there yet: the first start makes it`)]
      : [
          finding(
            "cases",
            "configured",
            "failure",
            `${path} cannot be made in ${folder}`,
            "set ONCALL_CASES to a file on a disk of its own",
          ),
        ];
  }
  if (there === "no")
    return [
      finding("cases", "configured", "failure", `${path} cannot be read and written`, "run as the owner of that file"),
    ];
  return asked("cases", env, path, "set ONCALL_CASES to a file that oncall serve has made");
}

/** Reads what is due, as a worker would: that tells reach, right and shape at once, and changes nothing. */
async function asked(backend: string, env: NodeJS.ProcessEnv, what: string, cure: string): Promise<readonly Finding[]> {
  try {
    const cases = await openCases(env, new Catalog(() => ({ entries: [], dangling: [], problems: [] })));
    try {
      const due = await cases.due();
      return [finding(backend, "data", "ok", `${what} answers; something is to be done about ${due.length} cases`)];
    } finally {
      await cases.close();
    }
  } catch (error) {
    // It names what is wrong and what would be right.
    if (error instanceof ConfigError) return [finding(backend, "configured", "failure", error.message)];
    if (error instanceof StoreUnavailable || error instanceof StoreTooNew)
      return [finding(backend, "reachable", "failure", error.message, cure)];
    throw error;
  }
}

async function canDo(path: string, mode: number): Promise<"yes" | "no" | "missing"> {
  try {
    await access(path, mode);
    return "yes";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "missing" : "no";
  }
}

function doorsFinding(env: NodeJS.ProcessEnv): Finding {
  try {
    const { doors, closed } = readDoors(env);
    const open = doors.map(({ path }) => path).join(", ");
    const shut = Object.keys(closed).join(", ");
    return finding(
      "doors",
      "configured",
      "ok",
      `open: ${open}${shut === "" ? "" : `; shut, without a credential: ${shut}`}`,
    );
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // On Lambda alone alerts come another way.
    const status = env["ONCALL_WAKE_QUEUE_URL"] ? "ok" : "warning";
    return finding("doors", "configured", status, error.message);
  }
}

const modeFinding = (mode: "live" | "shadow"): Finding =>
  mode === "live"
    ? finding(
        "cases",
        "configured",
        "ok",
        "live: messages are posted and drafts opened, but for services whose oncall/mode says shadow",
      )
    : finding(
        "cases",
        "configured",
        "ok",
        "shadow: everything runs, nothing is posted or proposed, but for services whose oncall/mode says live",
        "set ONCALL_MODE=live when oncall stats convinces you",
      );
