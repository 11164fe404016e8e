import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { paintFor } from "../deliver/style.ts";
import { type ExitCode, UsageError } from "./exit.ts";
import { type TriageArguments, triageCommand } from "./triage-command.ts";

const DEMO = "test/recordings/bad-deployment-three-hops";

/** The nearest folder above this file that holds the demo's recording: the checkout, from source and from the bundle. */
function demoRecording(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (folder !== dirname(folder)) {
    if (existsSync(join(folder, DEMO, "alert.json"))) return join(folder, DEMO);
    folder = dirname(folder);
  }
  throw new UsageError(`the demo needs a checkout of oncall-copilot with ${DEMO}`);
}

/** Runs the main job on a recorded incident, then tells where everything lies and what to type next. */
export async function demoCommand(args: Omit<TriageArguments, "alert">): Promise<ExitCode> {
  const recording = args.recording ?? demoRecording();
  const out = args.out ?? join("oncall-out", "demo");
  const { code, files } = await triageCommand({ ...args, recording, out, alert: join(recording, "alert.json") });
  if (files && !args.json) {
    const paint = paintFor(process.stdout);
    const show = (path: string) => relative(process.cwd(), path) || ".";
    const command = existsSync("agent-host/bin/oncall.cjs") ? "npx oncall" : `node ${process.argv[1] ?? "oncall"}`;
    const lines = [
      ["report", `${show(files.markdown)} and ${show(files.report)}`],
      ["pull request's diff", files.diff ? show(files.diff) : "none, since no fix is proposed"],
      ["audit log", show(files.audit)],
    ];
    process.stdout.write(`\n${paint("bold", "Where things lie")}\n`);
    for (const [what = "", where = ""] of lines) process.stdout.write(`  ${what.padEnd(20)} ${where}\n`);
    process.stdout.write(`\n${paint("bold", "What to type next")}\n`);
    const next = [
      [`${command} verify ${show(files.report)}`, "check every citation again, offline"],
      [`${command} audit verify ${show(files.audit)}`, "check the audit chain"],
      [`${command} triage ALERT.json --recording DIR`, "triage another recorded incident"],
      ["ANTHROPIC_API_KEY=... npm run demo", "let Claude do the same"],
    ];
    for (const [type = "", why = ""] of next) process.stdout.write(`  ${type.padEnd(52)} ${paint("dim", why)}\n`);
  }
  return code;
}
