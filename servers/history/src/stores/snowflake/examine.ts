import { CouldNotLook } from "@oncall-copilot/core";
import type { Estate, ExamineOptions, Finding } from "@oncall-copilot/core/server";
import type { HistoryStore } from "../../store.ts";
import { HISTORY_COLUMNS } from "../columns.ts";
import { dataFinding } from "../data-finding.ts";
import type { Identifier } from "../warehouse/identifier.ts";
import type { Limited } from "../warehouse/limit.ts";
import type { ColumnMapping } from "../warehouse/table.ts";
import type { WarehouseRow } from "../warehouse/warehouse.ts";
import { type Grant, type Power, powerOf, SYSTEM_ROLES } from "./grants.ts";
import type { SnowflakeSession } from "./session.ts";
import { quoted } from "./sql.ts";

export interface Examined {
  readonly name: string;
  readonly store: HistoryStore;
  readonly session: SnowflakeSession;
  readonly limited: Limited;
  readonly table: readonly Identifier[];
  readonly columns: ColumnMapping;
  readonly warehouse: string | undefined;
}

type Show = (sql: string) => Promise<readonly WarehouseRow[]>;

/** Reasons for which the credential was not even looked at. */
const NOT_REACHED = new Set(["unreachable", "timed_out", "bad_response"]);
/** Grants named in a message. */
const NAMED = 3;

/** The check-up of Snowflake. What it asks beside the newest incident needs no warehouse; that is asked only where one may be woken. */
export function examineSnowflake(examined: Examined, { catalog, now }: Estate) {
  const { name: backend, store, session, limited } = examined;
  const finding = (check: Finding["check"], status: Finding["status"], message: string, cure?: string): Finding => ({
    ...{ backend, check, status, message },
    ...(cure === undefined ? {} : { cure }),
  });
  return async (options: ExamineOptions): Promise<readonly Finding[]> => {
    const show: Show = (sql) =>
      limited({ signal: options.signal, progress: () => {} }, ({ signal }) => session.run(sql, [], signal));
    const findings: Finding[] = [];
    const failed = (check: Finding["check"], error: unknown) => {
      if (!(error instanceof CouldNotLook)) throw error;
      return [...findings, finding(check, "failure", error.problem, error.tryNext[0])];
    };
    let who: WarehouseRow = {};
    try {
      [who = {}] = await show("SELECT CURRENT_ROLE() AS role, CURRENT_SECONDARY_ROLES() AS secondary");
    } catch (error) {
      const isReached = error instanceof CouldNotLook && !NOT_REACHED.has(error.reason);
      if (isReached) findings.push(finding("reachable", "ok", "answers"));
      return failed(isReached ? "authenticated" : "reachable", error);
    }
    const role = String(who["role"] ?? "");
    findings.push(finding("reachable", "ok", "answers"));
    findings.push(finding("authenticated", "ok", `accepts the credential, with role ${role}`));
    try {
      const missing = await missingColumns(examined, show);
      if (missing.length > 0) return [...findings, finding("data", "failure", ...columnsMissing(store.name, missing))];
      if (options.mayWake) findings.push(await dataFinding({ backend, store, catalog, now }, options));
      else
        findings.push(
          finding(
            "data",
            "unknown",
            `${store.name} is there with its columns; its newest incident was not looked for, as that takes a warehouse`,
          ),
        );
    } catch (error) {
      return failed("data", error);
    }
    return [...findings, await privilege(role, who["secondary"], examined, show, finding)];
  };
}

/** DESCRIBE needs no warehouse. */
async function missingColumns({ table, columns }: Examined, show: Show): Promise<string[]> {
  const rows = await show(`DESCRIBE TABLE ${table.map(quoted).join(".")}`);
  const known = new Set(rows.map((row) => quoted({ name: String(row["name"]), quoted: true })));
  return HISTORY_COLUMNS.flatMap((column) => {
    const its = columns[column];
    return its === null || known.has(quoted(its)) ? [] : [column];
  });
}

const columnsMissing = (name: string, missing: readonly string[]): [message: string, cure: string] => [
  `${name} has no column for ${missing.join(", ")}`,
  `set ONCALL_HISTORY_COLUMNS: ${missing.map((column) => `${column}=`).join(",")} followed by its name each, or by nothing`,
];

type Make = (check: Finding["check"], status: Finding["status"], message: string, cure?: string) => Finding;

async function privilege(
  role: string,
  secondary: unknown,
  examined: Examined,
  show: Show,
  make: Make,
): Promise<Finding> {
  const cure = grantsFor(examined);
  if (SYSTEM_ROLES.has(role)) return make("privilege", "warning", `role ${role} can change the account`, cure);
  const others = secondaryRoles(secondary);
  if (others.length > 0) {
    return make(
      "privilege",
      "warning",
      `besides role ${role} the session has secondary roles (${others.slice(0, NAMED).join(", ")}): all that they may do, it may`,
      `ALTER USER <its user> SET DEFAULT_SECONDARY_ROLES = (); and ${cure}`,
    );
  }
  let power: Power;
  try {
    power = await powerOf(role, show);
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    return make("privilege", "unknown", `what role ${role} may do could not be told: ${error.message}`);
  }
  const inherited = power.roles.filter((one) => SYSTEM_ROLES.has(one));
  if (inherited.length > 0) {
    return make("privilege", "warning", `role ${role} was granted ${inherited.join(", ")}`, cure);
  }
  if (power.beyond.length > 0) {
    return make(
      "privilege",
      "warning",
      `role ${role} can do more than read: ${listed(power.beyond)}`,
      `${power.beyond.slice(0, NAMED).map(revoke).join(" ")} Or ${cure}`,
    );
  }
  if (power.isPartial) {
    return make(
      "privilege",
      "unknown",
      `role ${role} was granted more than ${power.roles.length} roles: not all were looked at`,
    );
  }
  if (power.untold.length > 0) {
    return make(
      "privilege",
      "unknown",
      `what role ${role} may do through these was not looked at: ${listed(power.untold)}`,
      cure,
    );
  }
  return make("privilege", "ok", `role ${role} can only read`);
}

function listed(grants: readonly Grant[]): string {
  const more = grants.length - NAMED;
  return `${grants.slice(0, NAMED).map(said).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}

const said = ({ privilege, on, name, role }: Grant) => `${privilege} on ${on.toLowerCase()} ${name} (role ${role})`;

const revoke = ({ privilege, on, name, role }: Grant) =>
  privilege === "OWNERSHIP"
    ? `Give ${on.toLowerCase()} ${name} to another owner.`
    : on === "ACCOUNT"
      ? `REVOKE ${privilege} ON ACCOUNT FROM ROLE ${role};`
      : `REVOKE ${privilege} ON ${on} ${name} FROM ROLE ${role};`;

/** The role that the server's README has, with this table and warehouse in it. */
function grantsFor({ table, warehouse }: Examined): string {
  const [database, schema] = [table.slice(0, 1), table.slice(0, 2)].map((part) => part.map(quoted).join("."));
  const running = warehouse === undefined ? "<warehouse>" : quoted({ name: warehouse, quoted: false });
  return [
    "use a role of its own: CREATE ROLE ONCALL_READ;",
    `GRANT USAGE ON WAREHOUSE ${running} TO ROLE ONCALL_READ;`,
    `GRANT USAGE ON DATABASE ${database} TO ROLE ONCALL_READ;`,
    `GRANT USAGE ON SCHEMA ${schema} TO ROLE ONCALL_READ;`,
    `GRANT SELECT ON TABLE ${table.map(quoted).join(".")} TO ROLE ONCALL_READ;`,
  ].join(" ");
}

/** `{"roles":"A,B","value":"ALL"}`; none when it cannot be read, as before Snowflake had them. */
function secondaryRoles(told: unknown): string[] {
  try {
    const { roles } = (typeof told === "string" ? JSON.parse(told) : told) as { roles?: unknown };
    return typeof roles === "string" ? roles.split(",").filter((role) => role !== "") : [];
  } catch {
    return [];
  }
}
