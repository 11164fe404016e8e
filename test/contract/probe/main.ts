/**
 * A server made of core alone whose tools do what no real one should: it shows what core makes of them. Bundled by
 * `probe/build.ts`; the tests speak to it over real pipes and sockets.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  commonVariables,
  defineServer,
  defineTool,
  type Finding,
  serveMain,
  VERSION,
} from "@oncall-copilot/core/server";
import { z } from "zod";

const said = z.object({ said: z.string() });
const common = {
  scope: "probe:read",
  readOnly: true,
  output: said,
  text: (data: z.output<typeof said>) => data.said,
} as const;
const found = (text: string) => ({ outcome: "found" as const, summary: "Said.", data: { said: text } });

const echo = defineTool({
  ...common,
  name: "echo",
  title: "Echo",
  description: "Says back what it was given.",
  input: z.strictObject({
    count: z.number().int().min(1).max(9).optional(),
    flag: z.boolean().optional(),
    words: z.array(z.string()).optional(),
  }),
  run: async (given) => found(JSON.stringify(given)),
});

const slow = defineTool({
  ...common,
  name: "slow",
  title: "Slow",
  description: "Takes its time, unless it is told to stop.",
  input: z.strictObject({ ms: z.number() }),
  run: async ({ ms }, context) => {
    process.stderr.write("slow: started\n");
    context.signal.addEventListener("abort", () => process.stderr.write("slow: told to stop\n"), { once: true });
    await sleep(ms, undefined, { signal: context.signal });
    return found("done");
  },
});

const deaf = defineTool({
  ...common,
  name: "deaf",
  title: "Deaf",
  description: "Takes its time, whatever it is told.",
  input: z.strictObject({ ms: z.number() }),
  run: async ({ ms }) => {
    process.stderr.write("deaf: started\n");
    await sleep(ms);
    return found("done");
  },
});

const crash = defineTool({
  ...common,
  name: "crash",
  title: "Crash",
  description: "Throws what a vendor's client would.",
  input: z.strictObject({}),
  run: async () => {
    throw new TypeError(
      "connect to postgres://oncall:hunter2-hunter2@db.internal:5432/x failed in /srv/app/secret-place.js",
    );
  },
});

const chatty = defineTool({
  ...common,
  name: "chatty",
  title: "Chatty",
  description: "Prints on stdout, as some vendors' clients do.",
  input: z.strictObject({}),
  run: async () => {
    console.log("console.log of a vendor");
    console.info("console.info of a vendor");
    process.stdout.write("stdout.write of a vendor\n");
    return found("printed");
  },
});

const steps = defineTool({
  ...common,
  name: "steps",
  title: "Steps",
  description: "Tells what it is doing.",
  input: z.strictObject({}),
  run: async (_, context) => {
    for (const step of ["one", "two", "three"]) context.progress(step);
    return found("stepped");
  },
});

const large = defineTool({
  ...common,
  name: "large",
  title: "Large",
  description: "Says too much.",
  input: z.strictObject({}),
  run: async () => found("many words ".repeat(5_000)),
});

/** What its check-up finds, as the test gives it; `hang` never comes to an end. */
async function examine({ signal }: { signal: AbortSignal }): Promise<readonly Finding[]> {
  const given = process.env["PROBE_FINDINGS"] ?? "[]";
  process.stderr.write("probe: examined\n");
  console.log("a vendor's client prints on stdout");
  if (given !== "hang") return JSON.parse(given) as Finding[];
  signal.addEventListener("abort", () => process.stderr.write("probe: check-up told to stop\n"), { once: true });
  return new Promise(() => {});
}

void serveMain({
  name: "oncall-probe",
  version: VERSION,
  config: z.object({ ...commonVariables }),
  build: async () =>
    defineServer({
      name: "oncall-probe",
      version: VERSION,
      letter: "p",
      instructions: "For tests.",
      tools: [echo, slow, deaf, crash, chatty, steps, large],
      now: () => Date.parse("2026-03-01T10:05:00Z"),
      examine,
      close: async () => {
        process.stderr.write("backends let go\n");
      },
    }),
});
