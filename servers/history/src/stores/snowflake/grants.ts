import type { WarehouseRow } from "../warehouse/warehouse.ts";
import { quoted } from "./sql.ts";

/** One line of SHOW GRANTS TO ROLE. */
export interface Grant {
  readonly privilege: string;
  readonly on: string;
  readonly name: string;
  readonly role: string;
}

/** What every account has from the start, each of which can do more than read. */
export const SYSTEM_ROLES: ReadonlySet<string> = new Set([
  "ACCOUNTADMIN",
  "ORGADMIN",
  "GLOBALORGADMIN",
  "SECURITYADMIN",
  "SYSADMIN",
  "USERADMIN",
]);

/** What reading takes, and seeing what goes on. All else could change something. */
const READING: ReadonlySet<string> = new Set(["SELECT", "REFERENCES", "MONITOR"]);
/** What reading takes the use of. Whoever may use a database role, a procedure or a function may do what that does. */
const USED: ReadonlySet<string> = new Set(["WAREHOUSE", "DATABASE", "SCHEMA"]);

/** So many roles that a role was granted are followed; more cannot be told. */
const MAX_ROLES = 20;

export interface Power {
  /** Grants beyond reading, of the role and of all that it was granted. */
  readonly beyond: readonly Grant[];
  /** Grants of the use of something whose own powers were not looked at. */
  readonly untold: readonly Grant[];
  readonly roles: readonly string[];
  /** Whether some granted roles were not looked at. */
  readonly isPartial: boolean;
}

/** What a role can do beyond reading, with the roles that it inherits from. `show` runs a SHOW statement. */
export async function powerOf(role: string, show: (sql: string) => Promise<readonly WarehouseRow[]>): Promise<Power> {
  const roles = new Set([role]);
  const beyond: Grant[] = [];
  const untold: Grant[] = [];
  let isPartial = false;
  for (const each of roles) {
    const rows = await show(`SHOW GRANTS TO ROLE ${quoted({ name: each, quoted: true })}`);
    for (const row of rows) {
      const grant = {
        privilege: String(row["privilege"]).toUpperCase(),
        on: String(row["granted_on"]).replaceAll("_", " ").toUpperCase(),
        name: String(row["name"]),
        role: each,
      };
      if (grant.on === "ROLE" && grant.privilege === "USAGE") {
        if (roles.size < MAX_ROLES || roles.has(grant.name)) roles.add(grant.name);
        else isPartial = true;
      } else if (grant.privilege === "USAGE") {
        if (!USED.has(grant.on)) untold.push(grant);
      } else if (!READING.has(grant.privilege)) beyond.push(grant);
    }
  }
  return { beyond, untold, roles: [...roles], isPartial };
}
