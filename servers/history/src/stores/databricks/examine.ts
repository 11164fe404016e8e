import { CouldNotLook } from "@oncall-copilot/core";
import { HttpRefusal } from "@oncall-copilot/core/backend";
import type { Estate, ExamineOptions, Finding } from "@oncall-copilot/core/server";
import type { HistoryStore } from "../../store.ts";
import { dataFinding } from "../data-finding.ts";
import type { Identifier } from "../warehouse/identifier.ts";
import type { Limited } from "../warehouse/limit.ts";
import { beyondReading, grantsOf, grantsSql, readingGrants, said, takeBack } from "./grants.ts";
import type { DatabricksNames } from "./names.ts";
import type { AskState, State } from "./state.ts";
import type { Statements } from "./statements.ts";

export interface Examined {
  readonly names: DatabricksNames;
  readonly store: HistoryStore;
  readonly runs: Statements;
  readonly ask: AskState;
  readonly within: Limited;
  readonly table: readonly Identifier[];
}

/** Reasons for which the credential was not even looked at. */
const NOT_REACHED = new Set(["unreachable", "timed_out", "bad_response", "too_large"]);
/** Grants named in a message. */
const NAMED = 3;

/**
 * The check-up of Databricks. How the warehouse is can be asked without waking it, so that comes first; whatever takes a statement
 * is asked only of a warehouse that runs, or that may be woken.
 */
export function examineDatabricks(examined: Examined, { catalog, now }: Estate) {
  const { names, store, ask } = examined;
  const backend = names.name;
  const make = (check: Finding["check"], status: Finding["status"], message: string, cure?: string): Finding => ({
    ...{ backend, check, status, message },
    ...(cure === undefined ? {} : { cure }),
  });
  return async (options: ExamineOptions): Promise<readonly Finding[]> => {
    const findings: Finding[] = [];
    const failed = (check: Finding["check"], error: unknown) => {
      if (!(error instanceof CouldNotLook)) throw error;
      const isReached = check !== "reachable" || !NOT_REACHED.has(error.reason);
      if (check === "reachable" && isReached) findings.push(make("reachable", "ok", "answers"));
      const at = check === "reachable" && isReached ? "authenticated" : check;
      return [...findings, make(at, "failure", error.problem, error.tryNext[0])];
    };

    let state: State | undefined;
    try {
      state = await ask?.(options.signal);
    } catch (error) {
      // A credential that may not see the warehouse may still be let in by it.
      const isUnseen = error instanceof HttpRefusal && (error.status === 403 || error.status === 404);
      if (!isUnseen) return failed("reachable", error);
    }
    if (!options.mayWake && state?.state !== "RUNNING") return [...findings, ...unasked(state, names, make)];
    try {
      const [who] = await statement(examined, options, "SELECT session_user() AS who LIMIT 1");
      findings.push(make("reachable", "ok", `answers${state === undefined ? "" : ` through ${state.compute}`}`));
      findings.push(make("authenticated", "ok", `accepts the credential, as ${String(who?.["who"])}`));
    } catch (error) {
      return failed("reachable", error);
    }
    try {
      findings.push(await dataFinding({ backend, store, catalog, now }, options));
    } catch (error) {
      return failed("data", error);
    }
    return [...findings, await privilege(examined, options, make)];
  };
}

type Make = (check: Finding["check"], status: Finding["status"], message: string, cure?: string) => Finding;

/** What can be told without a statement. */
function unasked(state: State | undefined, { compute }: DatabricksNames, make: Make): Finding[] {
  if (state === undefined) {
    const why = `whether ${compute} runs could not be told without waking it, and it was not woken`;
    return (["reachable", "data", "privilege"] as const).map((check) => make(check, "unknown", why));
  }
  const why = `${state.compute} is ${state.state.toLowerCase()}, and was not woken to look`;
  return [
    make("reachable", "ok", "answers"),
    make("authenticated", "ok", "accepts the credential"),
    make("data", "unknown", why),
    make("privilege", "unknown", why),
  ];
}

function statement({ runs, within }: Examined, { signal }: ExamineOptions, sql: string, values = {}) {
  return within({ signal, progress: () => {} }, (query) => runs.run(sql, values, { signal: query.signal }));
}

async function privilege(examined: Examined, options: ExamineOptions, make: Make): Promise<Finding> {
  const { table } = examined;
  const { sql, values } = grantsSql(table);
  try {
    const grants = grantsOf(await statement(examined, options, sql, values));
    const beyond = beyondReading(grants);
    if (beyond.length > 0) {
      const named = beyond.slice(0, NAMED);
      const more = beyond.length > NAMED ? `, and ${beyond.length - NAMED} more` : "";
      return make(
        "privilege",
        "warning",
        `the credential can do more than read: ${named.map(said).join(", ")}${more}`,
        `${named.map((grant) => takeBack(grant, table)).join(" ")} What reading takes: ${readingGrants(table)}`,
      );
    }
    if (grants.length > 0) return make("privilege", "ok", "the credential can only read the table");
    return make("privilege", "unknown", "information_schema shows no grant on the table to this credential");
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    return make("privilege", "unknown", `what the credential may do could not be told: ${error.message}`);
  }
}
