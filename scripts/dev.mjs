// Runs a server from its source over HTTP, starts it again at each change, and opens the MCP Inspector on it.
//   npm run dev -- NAME [--recording DIR] [--port N] [--no-inspector]
//   npm run debug -- NAME [...]    the same without the Inspector, waiting for a debugger at 127.0.0.1:9229
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const INSPECTOR = "@modelcontextprotocol/inspector@2.12.0";
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values, positionals } = parseArgs({
  options: {
    recording: { type: "string", default: join(root, "test/recordings/bad-deployment-three-hops") },
    port: { type: "string", default: "7801" },
    debug: { type: "boolean", default: false },
    "no-inspector": { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const names = readdirSync(join(root, "servers"));
const [name] = positionals;
if (!name || !names.includes(name)) {
  process.stderr.write(`usage: npm run dev -- NAME [--recording DIR] [--port N]; NAME is one of ${names.join(", ")}\n`);
  process.exit(2);
}
if (!existsSync(join(values.recording, "alert.json"))) {
  process.stderr.write(`--recording takes a folder with an alert.json (docs/recordings.md), not ${values.recording}\n`);
  process.exit(2);
}

const main = join(root, "servers", name, "src/main.ts");
const serving = [main, "--http", values.port];
const env = { ...process.env, ONCALL_RECORDING: values.recording };
const server = values.debug
  ? spawn(process.execPath, ["--inspect-brk=127.0.0.1:9229", "--import", "tsx", ...serving], {
      cwd: root,
      env,
      stdio: "inherit",
    })
  : spawn(join(root, "node_modules/.bin/tsx"), ["watch", "--clear-screen=false", ...serving], {
      cwd: root,
      env,
      stdio: "inherit",
    });
const inspector =
  values.debug || values["no-inspector"]
    ? undefined
    : spawn("npx", ["--yes", INSPECTOR, "--transport", "http", "--server-url", `http://127.0.0.1:${values.port}/mcp`], {
        stdio: "inherit",
      });
const stop = () => {
  server.kill();
  inspector?.kill();
};
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
server.once("exit", (code) => {
  inspector?.kill();
  process.exitCode = code ?? 0;
});
