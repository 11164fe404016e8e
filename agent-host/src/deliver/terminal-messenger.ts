import type { Messenger } from "./messenger.ts";
import { paintFor } from "./style.ts";
import { renderTerminal } from "./terminal.ts";

/** Prints the message, or `report.json` itself, on a stream. */
export function terminalMessenger(
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean },
  form: "message" | "json",
): Messenger {
  return {
    send: async ({ report, json }) => {
      stream.write(form === "json" ? json : renderTerminal(report, paintFor(stream)));
    },
  };
}
