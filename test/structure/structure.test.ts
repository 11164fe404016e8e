import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/mcp/servers.ts";
import { codeOf, cyclesOf, type Import, type Package, packageOf, packages } from "./imports.ts";
import { MAY_READ, sentencesRead } from "./sentences.ts";

const all = packages();
const CORE = "@oncall-copilot/core";
const core = all.filter(({ name }) => name === CORE);
const servers = all.filter(({ folder }) => folder.startsWith("servers/"));
const host = all.filter(({ folder }) => folder === "agent-host");

/** What core may lean on: the protocol, schemas, YAML and logs. No backend's client, no model's. */
const CORE_USES = ["@modelcontextprotocol/sdk", "pino", "yaml", "zod"];

/** Packages that take long to load, and of which most starts need nothing. */
const HEAVY = [
  "@anthropic-ai/bedrock-sdk",
  "@aws-crypto/sha256-js",
  "@aws-sdk/client-cloudwatch",
  "@aws-sdk/client-dynamodb",
  "@aws-sdk/client-s3",
  "@aws-sdk/client-sqs",
  "@aws-sdk/credential-provider-node",
  "@cdktf/hcl2json",
  "@databricks/sql",
  "@duckdb/node-api",
  "@octokit/auth-app",
  "@octokit/plugin-retry",
  "@octokit/plugin-throttling",
  "@octokit/rest",
  "@opensearch-project/opensearch",
  "@resvg/resvg-js",
  "@slack/web-api",
  "@smithy/signature-v4",
  "confluence.js",
  "diff",
  "libsql",
  "mdast-util-from-markdown",
  "minisearch",
  "pino",
  "saxes",
  "snowflake-sdk",
  "vega",
  "yaml",
];

const shown = (imports: readonly Import[]) => imports.map(({ file, from }) => `${file} imports ${from}`);

it("finds the packages and their imports", () => {
  expect(core.length).toBe(1);
  expect(host.length).toBe(1);
  expect(servers.length).toBeGreaterThanOrEqual(5);
  for (const { imports, files } of all) expect(imports.length).toBeGreaterThan(files.length / 2);
});

describe("packages", () => {
  it("use only what their own package.json declares", () => {
    const undeclared = all.flatMap(({ name, declared, imports }) =>
      imports.filter(({ from }) => {
        const used = packageOf(from);
        return used !== undefined && used !== name && !declared.includes(used);
      }),
    );
    expect(shown(undeclared)).toEqual([]);
  });

  it("reach into no other package's files", () => {
    const outside = all.flatMap(({ folder, imports }) =>
      imports.filter(({ target }) => target !== undefined && !target.startsWith(`${folder}/`)),
    );
    expect(shown(outside)).toEqual([]);
  });

  it("take core by its four entries", () => {
    const entries = [CORE, `${CORE}/backend`, `${CORE}/recording`, `${CORE}/server`];
    const deep = all.flatMap(({ imports }) =>
      imports.filter(({ from }) => packageOf(from) === CORE && !entries.includes(from)),
    );
    expect(shown(deep)).toEqual([]);
  });

  it("have no import cycles", () => {
    expect(all.flatMap(({ imports }) => cyclesOf(imports))).toEqual([]);
  });
});

describe("core", () => {
  it("depends on no vendor's client, no server and no host", () => {
    const used = core.flatMap(({ imports }) => imports.map(({ from }) => packageOf(from)));
    expect([...new Set(used.filter((name) => name !== undefined))].sort()).toEqual(CORE_USES);
  });
});

/** What each room of core may use of the others. The domain, which is every other file, uses none of them. */
const CORE_ARROWS: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  backend: ["domain"],
  recording: ["domain", "backend"],
  server: ["domain", "recording", "backend"],
};

describe("core's rooms", () => {
  const roomOf = (file: string): string =>
    ["backend", "recording", "server"].find((room) => file.startsWith(`core/src/${room}/`)) ?? "domain";

  it("use one another one way: server -> recording -> backend -> domain", () => {
    const against = core.flatMap(({ imports }) =>
      imports.filter(({ file, target }) => {
        if (target === undefined || roomOf(file) === roomOf(target)) return false;
        return !(CORE_ARROWS[roomOf(file)] ?? []).includes(roomOf(target));
      }),
    );
    expect(shown(against)).toEqual([]);
  });
});

describe("a server", () => {
  it("imports no other server", () => {
    const others = servers.flatMap(({ imports }) =>
      imports.filter(({ from }) => from.startsWith("@oncall-copilot/") && packageOf(from) !== CORE),
    );
    expect(shown(others)).toEqual([]);
  });

  it.each(servers)("has the same rooms as every other: $folder", ({ folder }) => {
    const rooms = [
      "package.json",
      "README.md",
      "src/main.ts",
      "src/server.ts",
      "src/config.ts",
      "src/store.ts",
      "src/stores",
    ];
    expect(rooms.filter((room) => !existsSync(join(ROOT, folder, room)))).toEqual([]);
  });

  it.each(servers)("imports one way, main -> server -> tool -> store <- stores: $folder", (server) => {
    expect(shown(server.imports.filter((one) => goesAgainst(server, one)))).toEqual([]);
  });
});

/** Main is nobody's; the server is main's; tools and adapters are the server's, and adapters know no tool. */
function goesAgainst(server: Package, { file, target }: Import): boolean {
  if (target === undefined) return false;
  const src = `${server.folder}/src`;
  const tools = server.imports
    .filter((one) => one.file === `${src}/server.ts`)
    .map((one) => one.target)
    .filter(
      (path) =>
        path?.startsWith(`${src}/`) && !path.startsWith(`${src}/stores/`) && !/\/(?:store|config)\.ts$/.test(path),
    );
  if (target === `${src}/main.ts`) return true;
  if (target === `${src}/server.ts`) return file !== `${src}/main.ts`;
  if (target.startsWith(`${src}/stores/`)) {
    // An adapter's own variables are declared beside it, and config.ts gathers them.
    return ![`${src}/server.ts`, `${src}/config.ts`].includes(file) && !file.startsWith(`${src}/stores/`);
  }
  return tools.includes(target) && file !== `${src}/server.ts` && !tools.includes(file);
}

describe("the host", () => {
  it("names no server: it finds them by their packages, and loads them by name", () => {
    const known = host.flatMap(({ imports }) =>
      imports.filter(({ from }) => from.startsWith("@oncall-copilot/") && packageOf(from) !== CORE),
    );
    expect(shown(known)).toEqual([]);
  });
});

describe("stdout", () => {
  it("belongs to the protocol: no server and no host prints with console", () => {
    const printing = all.flatMap(({ files }) =>
      files.filter((file) => /\bconsole\s*\.\s*(?:log|info|warn|error|debug|trace|table|dir)\b/.test(codeOf(file))),
    );
    expect(printing).toEqual([]);
  });

  it("is written to by what serves and by the host's command line alone", () => {
    const writing = all.flatMap(({ files }) => files.filter((file) => /process\.stdout/.test(codeOf(file))));
    const allowed = /^core\/src\/server\/serve\/|^agent-host\/src\/(?:main\.ts|cli\/)/;
    expect(writing.filter((file) => !allowed.test(file))).toEqual([]);
  });
});

describe("a start", () => {
  it("loads nothing heavy: what takes long is imported where it is first used", () => {
    const eager = all.flatMap(({ imports }) =>
      imports.filter(({ from, eager }) => eager && HEAVY.includes(packageOf(from) ?? "")),
    );
    expect(shown(eager)).toEqual([]);
  });
});

describe("the checks above", () => {
  it("see a cycle, an import of a type, one on several lines and one on first use", () => {
    const at = (file: string, target: string): Import => ({ file, from: target, target, eager: true });
    expect(cyclesOf([at("a", "b"), at("b", "c"), at("c", "a"), at("c", "d")])).toEqual(["a -> b -> c -> a"]);
    expect(cyclesOf([at("a", "b"), at("a", "c"), at("b", "d"), at("c", "d")])).toEqual([]);
    const imports = core[0]?.imports ?? [];
    const one = (file: string, from: string) =>
      imports.find((found) => found.file.endsWith(file) && found.from === from);
    expect(one("serve/http.ts", "@modelcontextprotocol/sdk/server/streamableHttp.js")?.eager).toBe(false);
    expect(one("src/log.ts", "pino")).toBeDefined();
    expect(one("serve/mcp.ts", "@modelcontextprotocol/sdk/types.js")?.eager).toBe(true);
    expect(one("server/tool.ts", "zod")?.eager).toBe(false);
  });
});

describe("sentences", () => {
  const reading = all
    .flatMap(({ files }) => files)
    .map((file) => ({ file, lines: sentencesRead(codeOf(file)) }))
    .filter(({ lines }) => lines.length > 0);

  it("are read by nobody to decide anything: answers have fields, marks and codes", () => {
    expect(reading.filter(({ file }) => MAY_READ[file] === undefined)).toEqual([]);
  });

  it("are excused only where one is read", () => {
    const files = new Set(reading.map(({ file }) => file));
    expect(Object.keys(MAY_READ).filter((file) => !files.has(file))).toEqual([]);
  });

  it.each([
    'if (error.message.startsWith("read_logs for ")) return;',
    "const isDown = /did not answer/.test(error.message);",
    'const line = evidence.text.split("\\n").find((one) => one.startsWith("Root causes:"));',
    "const [, times] = TIMES.exec(answer.summary) ?? [];",
    'if (gap.what.includes(" for ")) return;',
  ])("are seen in %s", (line) => {
    expect(sentencesRead(line)).toEqual([line]);
  });

  it("are told from fields", () => {
    expect(sentencesRead('if (error.reason === "timed_out" && names.includes(mark.of)) return;')).toEqual([]);
  });
});

describe("the tests", () => {
  it("assert on no wall time: a loaded machine is no fault", () => {
    const files = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".test.ts"),
    );
    const onTime = files.filter((file) =>
      /expect\([^;]*?(?:performance|Date)\.now\(\) - /.test(readFileSync(join(ROOT, "test", file), "utf8")),
    );
    expect(onTime).toEqual([]);
    expect(files.length).toBeGreaterThan(100);
  });
});
