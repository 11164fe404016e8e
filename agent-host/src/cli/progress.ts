import type { Paint } from "../deliver/style.ts";
import { oneLine } from "../deliver/style.ts";
import type { Progress } from "../triage.ts";

/** What tells calls apart at a glance; windows and long texts are in the audit log. */
const TELLING = ["service", "alert", "level", "contains", "signal", "path", "commit"] as const;

const argumentText = (args: Readonly<Record<string, unknown>>) =>
  TELLING.flatMap((name) => (typeof args[name] === "string" ? [args[name]] : []))
    .join(" ")
    .slice(0, 80);

/** What a server says of its own set-up: for whoever runs it, and no part of the report. */
const noticesOf = ({ notices }: Readonly<Record<string, unknown>>): readonly string[] =>
  Array.isArray(notices) ? notices.slice(0, 5).map((notice) => oneLine(String(notice)).slice(0, 500)) : [];

/** Shows what is being asked of which server, a line each, on stderr: stdout is for the result. */
export function progressPrinter(stream: NodeJS.WritableStream, paint: Paint): (event: Progress) => void {
  return (event) => {
    if (event.kind === "step") {
      stream.write(`${paint("dim", `· ${oneLine(event.message)}`)}\n`);
      return;
    }
    const { call } = event;
    const what = `${call.server} ${call.tool} ${oneLine(argumentText(call.arguments))}`;
    if (!("outcome" in call)) stream.write(`${paint("dim", `> ${what}`)}\n`);
    else {
      const mark =
        call.outcome === "found" || call.outcome === "nothing_found" ? paint("green", "<") : paint("yellow", "!");
      stream.write(
        `${mark} ${what}: ${call.outcome.replaceAll("_", " ")} ${paint("dim", `(${call.seconds.toFixed(2)} s)`)}\n`,
      );
      for (const notice of noticesOf(call.structured))
        stream.write(`${paint("yellow", `! ${call.server}: ${notice}`)}\n`);
    }
  };
}
