// Makes a new server out of the template: a folder that the build, the host, the contract tests and the README's table find.
//   npm run new -- server NAME TOOL [--root DIR]
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const usage = "usage: npm run new -- server NAME TOOL, for example: npm run new -- server traces read_traces";
const { values, positionals } = parseArgs({
  options: { root: { type: "string", default: join(here, "..") } },
  allowPositionals: true,
});
const [what, name, tool] = positionals;
if (what !== "server" || !name || !tool) fail(usage);
if (!/^[a-z][a-z0-9]*$/.test(name)) fail(`NAME is one word in lower case, such as traces, not "${name}"; ${usage}`);
if (!/^[a-z]+(_[a-z0-9]+)+$/.test(tool))
  fail(`TOOL is a verb and what it acts on, such as read_traces, not "${tool}"; ${usage}`);
const servers = join(values.root, "servers");
const folder = join(servers, name);
if (existsSync(folder)) fail(`${folder} is there already; choose another name`);

const taken = await lettersTaken();
const letter = [...name, ..."bcdefghijklmnopqrstuvwxyz"].find((one) => /[b-z]/.test(one) && !taken.has(one));
if (!letter) fail("every letter from b to z has its server");

await cp(join(here, "template/server"), folder, { recursive: true });
await rename(join(folder, "bin/oncall-example.cjs"), join(folder, `bin/oncall-${name}.cjs`));
await rename(join(folder, "src/read-example.ts"), join(folder, `src/${tool.replaceAll("_", "-")}.ts`));
for (const file of await filesIn(folder)) await writeFile(file, renamed(await readFile(file, "utf8")));
const packageFile = join(folder, "package.json");
const json = JSON.parse(await readFile(packageFile, "utf8"));
json.oncall.letter = letter;
await writeFile(packageFile, `${JSON.stringify(json, null, 2)}\n`);
const hosts = await addToHost(json);
process.stdout.write(
  `${folder}: a server with the tool ${tool} and the letter ${letter}${hosts ? ", known to the host" : ""}. Next:\n  npm install && npm run readme:tools\n  npm test -- contract\n`,
);

function renamed(text) {
  const pascal = name[0].toUpperCase() + name.slice(1);
  const words = tool.split("_").map((word) => word[0].toUpperCase() + word.slice(1));
  const camel = words.join("").replace(/^./, (first) => first.toLowerCase());
  return text
    .replaceAll("read_example", tool)
    .replaceAll("read-example", tool.replaceAll("_", "-"))
    .replaceAll("readExample", camel)
    .replaceAll("Read example", tool[0].toUpperCase() + tool.slice(1).replaceAll("_", " "))
    .replaceAll("EXAMPLE", name.toUpperCase())
    .replaceAll("Example", pascal)
    .replaceAll("for example", "for instance")
    .replaceAll("example", name);
}

async function filesIn(place) {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function lettersTaken() {
  await mkdir(servers, { recursive: true });
  const files = (await readdir(servers)).map((one) => join(servers, one, "package.json")).filter(existsSync);
  const jsons = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, "utf8"))));
  return new Set(jsons.map(({ oncall }) => oncall?.letter));
}

/** The host finds the servers among its dependencies. */
async function addToHost({ name: dependency, version }) {
  const file = join(values.root, "agent-host/package.json");
  if (!existsSync(file)) return false;
  const host = JSON.parse(await readFile(file, "utf8"));
  host.dependencies = Object.fromEntries(Object.entries({ ...host.dependencies, [dependency]: version }).sort());
  await writeFile(file, `${JSON.stringify(host, null, 2)}\n`);
  return true;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
