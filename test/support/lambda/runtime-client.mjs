// A runtime client in a few lines, for where AWS' own is not built: node runtime-client.mjs index.handler, in the folder of the bundle.
import { createRequire } from "node:module";
import { join } from "node:path";

const [, name = "handler"] = (process.argv[2] ?? "").split(".");
const runtime = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const { [name]: handler } = createRequire(import.meta.url)(join(process.cwd(), "index.js"));
for (;;) {
  const next = await fetch(`${runtime}/invocation/next`);
  const id = next.headers.get("lambda-runtime-aws-request-id");
  const event = await next.json();
  const tell = (what, body) =>
    fetch(`${runtime}/invocation/${id}/${what}`, { method: "POST", body: JSON.stringify(body) });
  try {
    await tell("response", (await handler(event)) ?? null);
  } catch (error) {
    await tell("error", { errorType: error.name, errorMessage: error.message });
  }
}
