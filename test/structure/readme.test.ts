import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { ROOT } from "../support/mcp/servers.ts";

const run = promisify(execFile);
const script = join(ROOT, "scripts/readme-table.mjs");

it("has a table of the tools that are, by the servers' own words", async () => {
  await expect(run(process.execPath, [script, "--check"])).resolves.toMatchObject({ stderr: "" });
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const table = readme.slice(readme.indexOf("<!-- tools:start -->"), readme.indexOf("<!-- tools:end -->"));
  expect(table).toMatch(/^\| `read_logs` \| \[`oncall-logs`\]\(servers\/logs\) \| `logs:read` \| reads \| /m);
  expect(table).toMatch(/^\| `open_pr` \| .* \| `git:propose` \| \*\*writes\*\* \| /m);
});

it("is refused when the table differs from what the servers say, with the command that mends it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "oncall-readme-"));
  const readme = join(folder, "README.md");
  await writeFile(readme, "# A readme\n\n<!-- tools:start -->\n\nan old table\n\n<!-- tools:end -->\n\nMore.\n");
  await expect(run(process.execPath, [script, "--check", readme])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("run: node scripts/readme-table.mjs --write"),
  });
  await run(process.execPath, [script, "--write", readme]);
  await run(process.execPath, [script, "--check", readme]);
  expect(await readFile(readme, "utf8")).toMatch(
    /^# A readme\n\n<!-- tools:start -->\n\n\| Tool[\s\S]*\|\n\n<!-- tools:end -->\n\nMore\.\n$/,
  );
  await rm(folder, { recursive: true, force: true });
});
