// Writes the README's table of tools between its markers from what the built servers answer to tools/list, or checks that
// it stands there as it would be written.
//   node scripts/readme-table.mjs --check|--write [README.md]
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const START = "<!-- tools:start -->";
const END = "<!-- tools:end -->";

const [mode, readme = join(root, "README.md")] = process.argv.slice(2);
if (mode !== "--check" && mode !== "--write")
  fail("usage: node scripts/readme-table.mjs --check|--write [README.md]", 2);

const text = readFileSync(readme, "utf8");
const from = text.indexOf(START);
const to = text.indexOf(END);
if (from < 0 || to < from) fail(`${readme} needs a line ${START} and, below it, a line ${END}`, 1);
const wanted = `${text.slice(0, from + START.length)}\n\n${await table()}\n\n${text.slice(to)}`;
if (mode === "--write") writeFileSync(readme, wanted);
else if (text !== wanted)
  fail(`${readme}: the table of tools is out of date; run: node scripts/readme-table.mjs --write`, 1);

async function table() {
  const rows = (await Promise.all(servers().map(rowsOf))).flat();
  const head = ["Tool", "Server", "Scope", "Does", "What it is for"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Every folder of servers/ whose package.json has an oncall field. */
function servers() {
  return readdirSync(join(root, "servers"))
    .sort()
    .map((name) => join(root, "servers", name, "package.json"))
    .filter((file) => existsSync(file))
    .map((file) => ({ folder: dirname(file), ...JSON.parse(readFileSync(file, "utf8")) }))
    .filter(({ oncall }) => oncall !== undefined);
}

async function rowsOf({ folder, bin, oncall }) {
  const [[name, path]] = Object.entries(bin);
  const tools = await listTools(join(folder, path));
  return tools.map((tool) => [
    `\`${tool.name}\``,
    `[\`${name}\`](servers/${oncall.server})`,
    `\`${tool._meta["oncall/scope"]}\``,
    tool.annotations.readOnlyHint ? "reads" : "**writes**",
    tool.description.replaceAll("|", "\\|").replaceAll("\n", " "),
  ]);
}

/** Starts the server on the build's own small recording and asks it, as any client would. */
async function listTools(bin) {
  const server = spawn(process.execPath, [bin], {
    env: {
      PATH: process.env.PATH,
      ONCALL_RECORDING: join(root, "scripts/warm-up"),
      ONCALL_EVIDENCE_KEY: "0".repeat(64),
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const say = (message) => server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const clientInfo = { name: "readme-table", version: "1" };
  say({ id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo } });
  say({ method: "notifications/initialized" });
  say({ id: 2, method: "tools/list", params: {} });
  for await (const line of createInterface({ input: server.stdout })) {
    const { id, result } = JSON.parse(line);
    if (id === 2) {
      server.stdin.end();
      return result.tools;
    }
  }
  fail(`${bin} did not list its tools; is it built?`, 1);
}

function fail(message, code) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
