import { briefly, CouldNotLook, type CouldNotLookReason } from "@oncall-copilot/core";
import { couldNotLookIn, failureOf } from "@oncall-copilot/core/backend";
import { z } from "zod";
import type { DatabricksNames } from "./names.ts";

/** What the driver's errors have, as far as anything can be told from them; not all of them are Errors. */
const DriverError = z.object({
  message: z.string().catch(""),
  errorCode: z.string().optional().catch(undefined),
  response: z
    .object({
      sqlState: z.string().nullish(),
      displayMessage: z.string().nullish(),
      errorMessage: z.string().nullish(),
    })
    .optional()
    .catch(undefined),
});

type Told = readonly [reason: CouldNotLookReason, what: string, cure: string];

const GRANTS = "give it the grants in the server's README";

/** https://docs.databricks.com/aws/en/error-messages/error-classes */
function toldBy(condition: string, sqlState: string, text: string, { table }: DatabricksNames): Told | undefined {
  if (/TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|NO_SUCH_CATALOG|CATALOG_NOT_FOUND/.test(condition)) {
    return [
      "bad_response",
      `has no ${table} that this credential may read (${condition})`,
      `check ONCALL_HISTORY_TABLE, and ${GRANTS}: USE CATALOG, USE SCHEMA, SELECT`,
    ];
  }
  if (condition.startsWith("UNRESOLVED_COLUMN")) {
    const column = /`([^`\n]{1,255})`/.exec(text)?.[1];
    return [
      "bad_response",
      `has no such column in ${table}${column === undefined ? "" : `: ${column}`}`,
      "name its columns in ONCALL_HISTORY_COLUMNS, with nothing for one it has not",
    ];
  }
  if (sqlState === "42501" || /PERMISSION_DENIED|INSUFFICIENT_PERMISSIONS/.test(text)) {
    return ["forbidden", `does not let this credential read ${table}`, GRANTS];
  }
  return undefined;
}

/** The failure that an error of the driver stands for. */
export function databricksFailure(error: unknown, names: DatabricksNames): CouldNotLook {
  const own = couldNotLookIn(error);
  if (own) return own;
  const failed = ([reason, what, cure]: Told) =>
    new CouldNotLook(reason, `${names.name} ${what}`, { cure, cause: error });
  const parsed = DriverError.safeParse(error);
  if (!parsed.success) return failureOf(error, names);
  const { errorCode, response, message } = parsed.data;
  if (errorCode === "TIMEOUT") {
    const cure = "see whether its warehouse is overloaded, or raise ONCALL_TIMEOUT_SECONDS";
    return failed(["timed_out", "stopped the statement, which took too long", cure]);
  }
  if (errorCode === "CANCELED" || errorCode === "CLOSED") {
    return failed(["bad_response", "stopped the statement: somebody cancelled it", "ask again"]);
  }
  const text = response?.displayMessage || response?.errorMessage || message;
  const condition = /\[([A-Z][A-Z0-9_.]{2,80})\]/.exec(text)?.[1] ?? "";
  const told = toldBy(condition, response?.sqlState ?? "", text, names);
  if (told) return failed(told);
  const line = briefly(text.split("\n")[0] ?? "", 160);
  return failed(["bad_response", `could not run the statement (${line})`, "its query history says more"]);
}
