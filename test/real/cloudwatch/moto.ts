import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Running, startProgram } from "../support/process.ts";
import { pythonPrograms } from "../support/python.ts";

const run = promisify(execFile);
const PACKAGES = ["moto[server]==5.2.5"];
const NAME = "moto's server";

/** moto's server, which answers CloudWatch's API, on loopback. */
export async function startMoto(): Promise<Running> {
  const programs = await pythonPrograms(NAME, PACKAGES);
  const folder = await mkdtemp(join(tmpdir(), "oncall-moto-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const { url, stop } = await startProgram({
      ...{ name: NAME, program: join(programs, "moto_server"), ready: "/moto-api/", log: join(folder, "moto.log") },
      args: (port) => ["--host", "127.0.0.1", "--port", String(port)],
    });
    return { url, stop: () => stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Has it forget all that it was fed. */
export async function forget({ url }: Running): Promise<void> {
  const answered = await fetch(`${url}/moto-api/reset`, { method: "POST" });
  if (!answered.ok) throw new Error(`${NAME} would not be reset (${answered.status})`);
}

/** CloudWatch's API as AWS publishes it, in the model that its Python client brings along with moto. */
export async function publishedModel(): Promise<unknown> {
  const python = join(await pythonPrograms(NAME, PACKAGES), "python");
  const script =
    "import json,botocore.loaders as l;print(json.dumps(l.Loader().load_service_model('cloudwatch','service-2')))";
  const { stdout } = await run(python, ["-c", script], { maxBuffer: 64 * 1_048_576 });
  return JSON.parse(stdout);
}
