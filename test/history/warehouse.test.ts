import { ConfigError } from "@oncall-copilot/core";
import { readEnvironment } from "@oncall-copilot/core/server";
import { describe, expect, it, test } from "vitest";
import { buildServer, configSchema } from "../../servers/history/src/server.ts";
import { numbered } from "../../servers/history/src/stores/snowflake/named.ts";
import { pastSql, quoted } from "../../servers/history/src/stores/snowflake/sql.ts";
import { tableName } from "../../servers/history/src/stores/warehouse/identifier.ts";
import { limited } from "../../servers/history/src/stores/warehouse/limit.ts";
import { columnMapping } from "../../servers/history/src/stores/warehouse/table.ts";
import { environmentFor } from "./snowflake/pretend.ts";

const CATALOG = { ONCALL_CATALOG: "test/recordings/healthy-peak/catalog.yaml" };
const SNOWFLAKE = { ...environmentFor("https://snowflake.example"), ...CATALOG };
const build = (env: Readonly<Record<string, string>>) => {
  const server = () => buildServer(readEnvironment(configSchema, env));
  return Promise.resolve().then(server);
};

describe("a warehouse's table", () => {
  test.each([
    ["incidents", ["incidents"]],
    ["sre.incidents", ["sre", "incidents"]],
    ['ops."S R E".incidents_2', ["ops", "S R E", "incidents_2"]],
    ['main.`the "sre"`.i$', ["main", 'the "sre"', "i$"]],
    ['a."x""y"', ["a", 'x"y']],
  ])("is read from %s", (text, names) => {
    expect(tableName(text)?.map(({ name }) => name)).toEqual(names);
  });

  test.each(["", "a.b.c.d", "a..b", "a.", "a b", "1a", "a;b", 'a"b', '"a', "a.b--", 'a."x\u0000"', "a.(SELECT 1)"])(
    "is not read from %j",
    (text) => {
      expect(tableName(text)).toBeUndefined();
    },
  );

  it("stands in the statement between quotes that it cannot leave", () => {
    const [evil] = tableName('"x"" UNION SELECT 1 --"') ?? [];
    expect(evil && quoted(evil)).toBe('"x"" UNION SELECT 1 --"');
    const columns = columnMapping('id="a"" ) FROM secrets --",severity=');
    const sql = pastSql({ table: tableName("t") ?? [], columns });
    expect(sql).toContain('CAST("a"" ) FROM secrets --" AS VARCHAR) AS id');
    expect(sql).toContain("CAST(NULL AS VARCHAR) AS severity");
    expect(sql).toContain('CAST("ROOT_CAUSE" AS VARCHAR) AS root_cause');
  });

  test.each([
    ["id", /takes column=name pairs/],
    ["no_such=x", /no column no_such; it takes id, fingerprint/],
    ["id=", /id needs a column/],
    ["severity=a b", /severity takes a column's name/],
    ["severity=f(x)", /severity takes a column's name/],
    ["severity=1", /severity takes a column's name/],
  ])("has no columns by %s", (text, says) => {
    expect(() => columnMapping(text)).toThrow(says);
  });

  it("binds by number what is named, and leaves quoted colons alone", () => {
    expect(numbered(`SELECT ":a", ':b', :b, :a, :b`, { a: 1, b: null, c: 3 })).toEqual({
      sqlText: `SELECT ":a", ':b', :1, :2, :1`,
      binds: [null, 1],
    });
    expect(() => numbered("SELECT :missing", {})).toThrow(/no value/);
  });
});

describe("the configuration of a warehouse", () => {
  it("asks nothing when the server is built", async () => {
    const server = await build(SNOWFLAKE);
    await server.close?.();
  });

  test.each([
    [{ ONCALL_HISTORY_TABLE: "" }, /SNOWFLAKE_ACCOUNT needs ONCALL_HISTORY_TABLE/],
    [{ ONCALL_HISTORY_TABLE: "sre.incidents" }, /must name database, schema and table/],
    [{ ONCALL_HISTORY_TABLE: "a b" }, /ONCALL_HISTORY_TABLE: takes catalog\.schema\.table/],
    [{ ONCALL_HISTORY_COLUMNS: "id=1" }, /ONCALL_HISTORY_COLUMNS: id needs a column/],
    [
      { ONCALL_HISTORY_LINK: "https://tracker.example" },
      /ONCALL_HISTORY_LINK: takes an http or https address with \{id\}/,
    ],
    [{ ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY: "" }, /one of ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY/],
    [{ ONCALL_HISTORY_SNOWFLAKE_TOKEN: "t" }, /only one of ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY/],
    [{ ONCALL_HISTORY_SNOWFLAKE_USER: "" }, /PRIVATE_KEY needs ONCALL_HISTORY_SNOWFLAKE_USER/],
    [{ ONCALL_HISTORY_SNOWFLAKE_URL: "https://u:p@snowflake.example" }, /must not hold credentials/],
    [{ ONCALL_HISTORY_FILE: "x.parquet" }, /set ONCALL_HISTORY_FILE or ONCALL_HISTORY_SNOWFLAKE_ACCOUNT, but not both/],
  ])("is refused with %j", async (env, says) => {
    await expect(build({ ...SNOWFLAKE, ...env })).rejects.toThrow(ConfigError);
    await expect(build({ ...SNOWFLAKE, ...env })).rejects.toThrow(says);
  });

  it("names the schema that the table does not", async () => {
    const env = {
      ONCALL_HISTORY_TABLE: "incidents",
      ONCALL_HISTORY_SNOWFLAKE_DATABASE: "ops",
      ONCALL_HISTORY_SNOWFLAKE_SCHEMA: "sre",
    };
    const server = await build({ ...SNOWFLAKE, ...env });
    await server.close?.();
  });
});

describe("the time that a warehouse gets", () => {
  const asked = () => ({ signal: new AbortController().signal, progress: () => {} });

  it("does not count a warehouse that starts as one that is down", async () => {
    const within = limited("Warehouse", 20);
    for (let count = 0; count < 4; count++) {
      const question = within(asked(), ({ waitingFor }) => {
        waitingFor("warehouse W is starting");
        return new Promise(() => {});
      });
      await expect(question).rejects.toThrow(/within 0 s: warehouse W is starting/);
    }
    expect(await within(asked(), async () => "up")).toBe("up");
  });

  it("ends a question whose driver does not heed the signal, and passes the caller's own reason on", async () => {
    const controller = new AbortController();
    const question = limited("Warehouse", 60_000)(
      { ...asked(), signal: controller.signal },
      () => new Promise(() => {}),
    );
    controller.abort(new Error("gave up"));
    await expect(question).rejects.toThrow("gave up");
  });
});
