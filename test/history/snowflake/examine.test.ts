import { type ExamineOptions, examineServer } from "@oncall-copilot/core/server";
import { afterAll, describe, expect, it } from "vitest";
import { closeServers, type Received, refusedAddress, startServer } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { historyServer } from "../ask.ts";
import { type Answer, environmentFor, failing, ROWS, snowflake, statementOf } from "./pretend.ts";

afterAll(closeServers);
afterAll(cleanupRecordings);

const COLUMNS = ["ID", "FINGERPRINT", "ALERT", "SERVICE", "SEVERITY", "SUMMARY", "STARTED_AT", "RESOLVED_AT", "ROOT_CAUSE", "FIX", "FIX_WORKED", "PR_URL"]; // biome-ignore format: a word list

const grant = (privilege: string, granted_on: string, name: string) => ({ privilege, granted_on, name });
const READING = [
  grant("USAGE", "WAREHOUSE", "ONCALL_WH"),
  grant("USAGE", "DATABASE", "OPS"),
  grant("USAGE", "SCHEMA", "OPS.SRE"),
  grant("SELECT", "TABLE", "OPS.SRE.INCIDENTS"),
];

interface Account {
  readonly who?: Readonly<Record<string, string | null>>;
  readonly columns?: readonly string[];
  readonly grants?: Readonly<Record<string, Answer>>;
  readonly rows?: Answer;
}

const account = ({
  who = { ROLE: "ONCALL_READ", SECONDARY: '{"roles":"","value":""}' },
  columns = COLUMNS,
  grants = { ONCALL_READ: READING },
  rows = ROWS,
}: Account) =>
  snowflake({
    answer: ({ sqlText }) => {
      if (sqlText.startsWith("SELECT CURRENT_ROLE")) return [who];
      if (sqlText === 'DESCRIBE TABLE "OPS"."SRE"."INCIDENTS"')
        return columns.map((name) => ({ name, type: "VARCHAR" }));
      const [, role] = /^SHOW GRANTS TO ROLE "(\w+)"$/.exec(sqlText) ?? [];
      return role === undefined ? rows : (grants[role] ?? failing("002003", "Role does not exist or not authorized."));
    },
  });

async function examine(told: Account, options: Partial<ExamineOptions> = {}) {
  const { url, received } = await startServer(account(told));
  const { server } = await historyServer({}, environmentFor(url));
  const findings = await examineServer(server, { service: "storefront", mayWake: true, ...options });
  await server.close?.();
  return { findings, asked: sqlOf(received) };
}

const sqlOf = (received: readonly Received[]) =>
  received.filter(({ url }) => url.pathname.endsWith("query-request")).map((one) => statementOf(one).sqlText);

const privilegeOf = async (told: Account) => (await examine(told)).findings.find(({ check }) => check === "privilege");

describe("the check-up of Snowflake", () => {
  it("says that it is reachable, accepts the credential, has the data and its age, and may only be read", async () => {
    const { findings } = await examine({});
    expect(findings.map(({ check, status, message }) => `${check} ${status}: ${message}`)).toEqual([
      "reachable ok: answers",
      "authenticated ok: accepts the credential, with role ONCALL_READ",
      expect.stringMatching(
        /^data ok: storefront's newest incident is \d+ h.* old; 1 of it, 7 in all; 1 rows without an id or a readable started_at$/,
      ),
      "privilege ok: role ONCALL_READ can only read",
    ]);
    expect(findings[0]?.backend).toMatch(/^Snowflake at http:/);
  });

  it("writes nothing, and where no warehouse may be woken asks only what needs none", async () => {
    const { findings, asked } = await examine({}, { mayWake: false });
    expect(asked).toEqual([
      expect.stringMatching(/^SELECT CURRENT_ROLE\(\) AS role, CURRENT_SECONDARY_ROLES\(\) AS secondary$/),
      'DESCRIBE TABLE "OPS"."SRE"."INCIDENTS"',
      'SHOW GRANTS TO ROLE "ONCALL_READ"',
    ]);
    expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
      "reachable ok",
      "authenticated ok",
      "data unknown",
      "privilege ok",
    ]);
  });

  it("warns of a role that can write, with what takes that away and the role to use", async () => {
    const finding = await privilegeOf({
      grants: {
        ONCALL_READ: [
          ...READING,
          grant("INSERT", "TABLE", "OPS.SRE.INCIDENTS"),
          grant("CREATE_TABLE", "SCHEMA", "OPS.SRE"),
        ],
      },
    });
    expect(finding).toMatchObject({ status: "warning" });
    expect(finding?.message).toContain("INSERT on table OPS.SRE.INCIDENTS (role ONCALL_READ), CREATE");
    expect(finding?.cure).toContain("REVOKE INSERT ON TABLE OPS.SRE.INCIDENTS FROM ROLE ONCALL_READ;");
    expect(finding?.cure).toContain('GRANT SELECT ON TABLE "OPS"."SRE"."INCIDENTS" TO ROLE ONCALL_READ;');
  });

  it("follows the roles that a role was granted", async () => {
    const inherited = {
      ONCALL_READ: [...READING, grant("USAGE", "ROLE", "LOADER")],
      LOADER: [grant("OWNERSHIP", "TABLE", "OPS.SRE.RAW")],
    };
    expect(await privilegeOf({ grants: inherited })).toMatchObject({
      status: "warning",
      message: "role ONCALL_READ can do more than read: OWNERSHIP on table OPS.SRE.RAW (role LOADER)",
    });
    const system = { ONCALL_READ: [...READING, grant("USAGE", "ROLE", "SYSADMIN")], SYSADMIN: [] };
    expect(await privilegeOf({ grants: system })).toMatchObject({
      status: "warning",
      message: "role ONCALL_READ was granted SYSADMIN",
    });
  });

  it.each([
    ["DATABASE_ROLE", "OPS.WRITERS"],
    ["PROCEDURE", "OPS.SRE.PURGE():VARCHAR"],
    ["FUNCTION", "OPS.SRE.CALL_OUT():VARCHAR"],
    ["INTEGRATION", "EXPORTS"],
  ])("does not know what a role may do through the use of a %s", async (on, name) => {
    expect(await privilegeOf({ grants: { ONCALL_READ: [...READING, grant("USAGE", on, name)] } })).toMatchObject({
      status: "unknown",
      message: `what role ONCALL_READ may do through these was not looked at: USAGE on ${on.replace("_", " ").toLowerCase()} ${name} (role ONCALL_READ)`,
    });
  });

  it("warns of a system role, and of secondary roles, whatever they were granted", async () => {
    expect(await privilegeOf({ who: { ROLE: "ACCOUNTADMIN", SECONDARY: null } })).toMatchObject({
      status: "warning",
      message: "role ACCOUNTADMIN can change the account",
    });
    expect(
      await privilegeOf({ who: { ROLE: "ONCALL_READ", SECONDARY: '{"roles":"LOADER","value":"ALL"}' } }),
    ).toMatchObject({
      status: "warning",
      message: expect.stringContaining("secondary roles (LOADER)"),
      cure: expect.stringContaining("SET DEFAULT_SECONDARY_ROLES = ()"),
    });
  });

  it("does not know where the grants cannot be read", async () => {
    expect(await privilegeOf({ grants: {} })).toMatchObject({ status: "unknown" });
  });

  it("names the columns that are missing, and the variable", async () => {
    const { findings } = await examine({ columns: COLUMNS.filter((name) => name !== "SEVERITY" && name !== "FIX") });
    expect(findings.at(-1)).toMatchObject({
      ...{ check: "data", status: "failure" },
      message: expect.stringMatching(/has no column for severity, fix$/),
      cure: expect.stringContaining("severity=,fix="),
    });
  });

  it("stops at what fails: the way there, the credential, the table", async () => {
    const at = async (url: string) => {
      const { server } = await historyServer({}, environmentFor(url, 10));
      const findings = await examineServer(server, { service: undefined, mayWake: true });
      await server.close?.();
      return findings.map(({ check, status }) => `${check} ${status}`);
    };
    expect(await at(await refusedAddress())).toEqual(["reachable failure"]);
    const denied = await startServer(snowflake({ login: failing("390144", "JWT token is invalid.") }));
    expect(await at(denied.url)).toEqual(["reachable ok", "authenticated failure"]);
    const { findings } = await examine({ rows: failing("000606", "No active warehouse selected") });
    expect(findings.at(-1)).toMatchObject({
      check: "data",
      status: "failure",
      cure: expect.stringContaining("_WAREHOUSE"),
    });
  });
});
