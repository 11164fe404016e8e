import type { Paint } from "../deliver/style.ts";
import { printable } from "../deliver/style.ts";
import type { Progress } from "../triage.ts";

const argumentText = (args: Readonly<Record<string, unknown>>) =>
  Object.entries(args)
    .map(([name, value]) => (typeof value === "object" ? name : `${name}=${String(value)}`))
    .join(" ")
    .slice(0, 110);

/** Shows what is being asked of which server, a line each, on stderr: stdout is for the result. */
export function progressPrinter(stream: NodeJS.WritableStream, paint: Paint): (event: Progress) => void {
  return (event) => {
    if (event.kind === "step") {
      stream.write(`${paint("dim", `· ${printable(event.message)}`)}\n`);
      return;
    }
    const { call } = event;
    const what = `${call.server} ${call.tool} ${printable(argumentText(call.arguments))}`;
    if (!("outcome" in call)) stream.write(`${paint("dim", `> ${what}`)}\n`);
    else {
      const mark =
        call.outcome === "found" || call.outcome === "nothing_found" ? paint("green", "<") : paint("yellow", "!");
      stream.write(
        `${mark} ${what}: ${call.outcome.replaceAll("_", " ")} ${paint("dim", `(${call.seconds.toFixed(2)} s)`)}\n`,
      );
    }
  };
}
