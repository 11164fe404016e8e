import { briefly, CouldNotLook, type CouldNotLookReason } from "@oncall-copilot/core";
import { type BackendNames, failureOf, refusalOf } from "@oncall-copilot/core/backend";
import { z } from "zod";
import { MAX_BYTES, TooMuch } from "./rows.ts";

/** What the driver's errors have, as far as anything can be told from them. */
const DriverError = z.looseObject({
  code: z.union([z.string(), z.number()]).transform(String).catch(""),
  message: z.string().catch(""),
  response: z.looseObject({ status: z.number() }).optional().catch(undefined),
});

interface Told {
  readonly reason: CouldNotLookReason;
  readonly what: string;
  readonly cure: string;
}

export interface Names extends BackendNames {
  readonly table: string;
  readonly warehouse: string | undefined;
  readonly role: string | undefined;
}

const PREFIX = "ONCALL_HISTORY_SNOWFLAKE_";
const GRANTS = "give it the grants in the server's README";

/** By the code of the server's answer: https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting and the like. */
function toldBy(code: string, message: string, { table, warehouse, role }: Names): Told | undefined {
  const forbidden = (what: string, cure: string): Told => ({ reason: "forbidden", what, cure });
  const wrong = (what: string, cure: string): Told => ({ reason: "bad_response", what, cure });
  const its = warehouse === undefined ? "the user's warehouse" : `warehouse ${warehouse}`;
  switch (code) {
    case "390100":
    case "390101":
    case "390144":
      return forbidden(
        `did not accept the key pair (${code})`,
        `check ${PREFIX}USER and ${PREFIX}PRIVATE_KEY, that the user has its public key, and this machine's clock`,
      );
    case "390303":
    case "390318":
    case "390195":
      return forbidden(
        `did not accept the OAuth token (${code})`,
        `set ${PREFIX}TOKEN or _TOKEN_FILE to one that is valid`,
      );
    case "390189":
    case "390186":
      return forbidden(
        `does not let this user take ${role === undefined ? "its role" : `role ${role}`} (${code})`,
        `check ${PREFIX}ROLE and grant that role to the user`,
      );
    case "390422":
    case "390420":
      return forbidden(`does not let this machine in (${code})`, "allow its address in the account's network policy");
    case "390201":
    case "390913":
      return wrong(
        `has no such database, schema or warehouse (${code})`,
        `check ${PREFIX}WAREHOUSE and ONCALL_HISTORY_TABLE`,
      );
    case "000606":
      return forbidden(
        `lets this role use no warehouse, or not start ${its} (${code})`,
        `set ${PREFIX}WAREHOUSE, grant USAGE on it, and let it resume by itself (AUTO_RESUME)`,
      );
    case "002003":
    case "002043":
      return forbidden(
        `has no ${table} that this role may read (${code})`,
        `check ONCALL_HISTORY_TABLE, and ${GRANTS}: USAGE on its database and schema, SELECT on it`,
      );
    case "003001":
      return forbidden(`does not let this role read ${table} (${code})`, GRANTS);
    case "000904":
      return wrong(
        `has no such column in ${table}: ${invalidIdentifier(message)}`,
        "name its columns in ONCALL_HISTORY_COLUMNS, with nothing for one it has not",
      );
    case "000604":
    case "000630":
    case "000625":
      return {
        reason: "timed_out",
        what: `stopped the statement (${code})`,
        cure: "see whether its warehouse is overloaded, or raise ONCALL_TIMEOUT_SECONDS",
      };
  }
  if (/suspended|cannot be resumed|resource monitor/i.test(message)) {
    return forbidden(
      `does not start ${its} (${code})`,
      "let it resume by itself (AUTO_RESUME), and see its resource monitor",
    );
  }
  return undefined;
}

/** `invalid identifier 'SEVERITY'`: only the name, which is the operator's own. */
const invalidIdentifier = (message: string): string =>
  /invalid identifier '([^'\n]{1,255})'/.exec(message)?.[1] ?? "(000904)";

/** The failure that an error of the driver stands for. Never carries what the driver made of a request: it may hold a token. */
export function snowflakeFailure(error: unknown, names: Names): CouldNotLook {
  if (error instanceof CouldNotLook) return error;
  if (error instanceof TooMuch) return tooLarge(names);
  const parsed = DriverError.safeParse(error);
  if (!parsed.success) return failureOf(error, names);
  const { code, message, response } = parsed.data;
  const told = toldBy(code, message, names);
  if (told) {
    return new CouldNotLook(told.reason, `${names.name} ${told.what}; ${told.cure}`, {
      ...{ tryNext: [told.cure], cause: new Error(message) },
    });
  }
  if (response) return refusedBy(response, names);
  if (code === "401001") return onTheWay(parsed.data["cause"], names);
  if (/^\d{6}$/.test(code) && !code.startsWith("40")) {
    const cure = "its query history says more, by QUERY_TAG";
    const line = message.split("\n")[0] ?? "";
    return new CouldNotLook(
      "bad_response",
      `${names.name} could not run the statement (${code}: ${briefly(line, 160)})`,
      {
        cure,
      },
    );
  }
  return unreadable(names, code);
}

/** The statement asks for few rows, so that what is too long is a text in them. */
function tooLarge({ name, table }: Names): CouldNotLook {
  const most = `${Math.round(MAX_BYTES / 1_048_576)} MiB`;
  const cure = `shorten summary, root_cause and fix in ${table}, or let ONCALL_HISTORY_TABLE name a view that does`;
  return new CouldNotLook("too_large", `${name} brought more than ${most}`, { cure });
}

function unreadable({ name, variables }: Names, code: string): CouldNotLook {
  const cure = `check that ${variables.url} is Snowflake itself and no login page in front of it`;
  const which = code === "" ? "" : ` (${code})`;
  return new CouldNotLook("bad_response", `${name} answered with what its driver cannot read${which}`, {
    cure,
  });
}

function refusedBy({ status }: { readonly status: number }, names: Names): CouldNotLook {
  // An account that is not there is answered with 403 or 404 by what stands before all accounts.
  if (status === 403 || status === 404) {
    const cure = `check ${names.variables.url}, and that a proxy or network policy lets this machine through`;
    return new CouldNotLook(
      "forbidden",
      `${names.name} has no such account, or does not let this machine in (${status})`,
      {
        cure,
      },
    );
  }
  const { reason, problem, tryNext } = refusalOf({ status, headers: {}, text: "" }, names, Date.now());
  return new CouldNotLook(reason, problem, { cure: tryNext[0] });
}

/** The driver wraps its HTTP client's error, which has Node's code; without one, the answer came but was no JSON, or not whole. */
function onTheWay(cause: unknown, names: Names): CouldNotLook {
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (typeof code !== "string" || code === "ERR_BAD_RESPONSE")
    return unreadable(names, typeof code === "string" ? code : "");
  if (code === "ECONNABORTED" || code === "ETIMEDOUT") {
    const cure = "see whether it is overloaded";
    return new CouldNotLook("timed_out", `${names.name} did not answer in time`, { cure });
  }
  return failureOf(Object.assign(new Error(code), { code }), names);
}
