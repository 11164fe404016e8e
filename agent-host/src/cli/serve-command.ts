import { serve } from "../app/serve.ts";
import { readSettings } from "../app/settings.ts";
import { EXIT, type ExitCode } from "./exit.ts";

export interface ServeArguments {
  readonly recording?: string | undefined;
  readonly engine?: string | undefined;
  readonly transport?: string | undefined;
}

/** Serves the doors until SIGTERM or SIGINT; ends when what it held is finished or handed back. */
export async function serveCommand(args: ServeArguments, env: NodeJS.ProcessEnv = process.env): Promise<ExitCode> {
  const serving = await serve(readSettings(env, args));
  process.stderr.write(`oncall: listening on ${serving.url}\n`);
  await new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });
  await serving.stop();
  return EXIT.ok;
}
