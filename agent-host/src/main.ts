import { parseArgs } from "node:util";
import { AlertError, ConfigError } from "@oncall-copilot/core";
import { VERSION } from "@oncall-copilot/core/server";
import {
  caseAuditCommand,
  caseCommand,
  caseDecisionCommand,
  casesCommand,
  casesPruneCommand,
} from "./cli/cases-command.ts";
import { auditVerifyCommand, keyCommand, recordingCheckCommand, verifyCommand } from "./cli/check-commands.ts";
import { demoCommand } from "./cli/demo-command.ts";
import { doctorCommand } from "./cli/doctor-command.ts";
import { EXIT, type ExitCode, UsageError } from "./cli/exit.ts";
import { EXPORT_USAGE, exportCommand, runbooksCommand, statsCommand } from "./cli/learn-commands.ts";
import { refuseUnknownOptions } from "./cli/near-option.ts";
import { serveCommand } from "./cli/serve-command.ts";
import { triageCommand, whereFilesLie } from "./cli/triage-command.ts";
import { USAGE } from "./cli/usage.ts";
import { verifyLiveCommand } from "./cli/verify-live-command.ts";
import { printable } from "./deliver/style.ts";

const OPTIONS = {
  recording: { type: "string" },
  engine: { type: "string" },
  out: { type: "string" },
  "as-of": { type: "string" },
  transport: { type: "string" },
  service: { type: "string" },
  "public-key": { type: "string" },
  case: { type: "string" },
  head: { type: "string" },
  reason: { type: "string" },
  words: { type: "string" },
  edits: { type: "string" },
  revert: { type: "string" },
  format: { type: "string" },
  follow: { type: "boolean", default: false },
  live: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  quiet: { type: "boolean", default: false },
  version: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

function readArguments() {
  refuseUnknownOptions(OPTIONS, process.argv.slice(2));
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function exactly<const N extends number>(words: readonly string[], count: N, form: string): string {
  const [word] = words;
  if (words.length !== count || word === undefined) throw new UsageError(`usage: ${form}`);
  return word;
}

async function run(): Promise<ExitCode> {
  const { values, positionals } = readArguments();
  if (values.version) {
    process.stdout.write(`${VERSION}\n`);
    return EXIT.ok;
  }
  const [command, ...words] = positionals;
  if (values.help || command === undefined || command === "help") {
    process.stdout.write(USAGE);
    return command === undefined && !values.help ? EXIT.usage : EXIT.ok;
  }
  const { recording, engine, out, json, quiet, transport } = values;
  const common = { recording, engine, out, json, quiet, transport, asOf: values["as-of"] };
  switch (command) {
    case "triage": {
      const alert = exactly(words, 1, "oncall triage ALERT.json [--recording DIR]");
      const { code, files } = await triageCommand({ ...common, alert, follow: values.follow });
      if (files && !quiet) process.stderr.write(whereFilesLie(files));
      return code;
    }
    case "serve":
      if (words.length > 0) throw new UsageError("usage: oncall serve [--recording DIR] [--engine claude|rules]");
      return serveCommand({ recording, engine, transport });
    case "demo":
      return demoCommand(common);
    case "verify":
      if (values.live) {
        const report = exactly(words, 1, "oncall verify --live DIR/report.json [--recording DIR]");
        return verifyLiveCommand({ report, recording, transport }, process.env);
      }
      return verifyCommand(
        exactly(words, 1, "oncall verify DIR/report.json [--public-key FILE]"),
        values["public-key"],
      );
    case "audit":
      if (words[0] !== "verify") throw new UsageError("usage: oncall audit verify DIR/audit.jsonl");
      if (values.case !== undefined) return caseAuditCommand(values.case, { recording, json });
      return auditVerifyCommand(
        exactly(words.slice(1), 1, "oncall audit verify DIR/audit.jsonl"),
        values["public-key"],
      );
    case "key":
      return keyCommand(words);
    case "cases":
      if (words[0] === "export" && words.length === 1) return exportCommand({ out, format: values.format });
      if (words[0] === "prune" && words.length === 1) return casesPruneCommand({ recording, json });
      if (words.length > 0) throw new UsageError(`usage: oncall cases [--json]; oncall cases prune; ${EXPORT_USAGE}`);
      return casesCommand({ recording, json });
    case "stats":
      if (words.length > 0) throw new UsageError("usage: oncall stats [--format text|json|html]");
      return statsCommand({ format: values.format ?? (json ? "json" : undefined) });
    case "runbooks":
      if (words.length > 0) throw new UsageError("usage: oncall runbooks [--format md|csv]");
      return runbooksCommand({ format: values.format });
    case "case":
      if (words.length === 2) {
        const [id = "", verb = ""] = words;
        const { head, reason, words: said, edits, revert } = values;
        return caseDecisionCommand({ id, verb, head, reason, words: said, edits, revert, recording });
      }
      return caseCommand(exactly(words, 1, "oncall case ID [--json]"), { recording, json });
    case "doctor":
      if (words.length > 0) throw new UsageError("usage: oncall doctor [--service NAME] [--json]");
      return doctorCommand({ json, service: values.service, recording });
    case "recording":
      if (words[0] !== "check") throw new UsageError("usage: oncall recording check DIR");
      return recordingCheckCommand(exactly(words.slice(1), 1, "oncall recording check DIR"));
    default:
      throw new UsageError(
        `unknown command "${command}"; there are triage, serve, cases, case, stats, runbooks, demo, doctor, verify, audit verify, key, recording check`,
      );
  }
}

// Whoever read our output has gone. Progress is lost, and nothing else is.
process.stderr.on("error", () => {});
process.stdout.on("error", () => {});

run().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const expected = error instanceof UsageError || error instanceof ConfigError || error instanceof AlertError;
    // A message may quote the alert or file that is wrong.
    process.stderr.write(`oncall: ${printable(error instanceof Error ? error.message : String(error))}\n`);
    process.exitCode = expected ? EXIT.usage : EXIT.failed;
  },
);
