import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { briefly, CouldNotLook, type Secret } from "@oncall-copilot/core";
import { type BackendNames, failureOf, refusalOf } from "@oncall-copilot/core/backend";
import { variablesOf } from "./elsewhere.ts";
import { connectMcp } from "./mcp-connection.ts";
import type { Connection } from "./toolbox.ts";

const MAX_TOLD = 200;

/** A server that runs elsewhere, over Streamable HTTP. The token travels in the Authorization header only. */
export async function connectUrl(server: string, url: URL, token?: Secret): Promise<Connection> {
  const requestInit = token ? { headers: { authorization: `Bearer ${token.reveal()}` } } : {};
  const names = { name: `oncall-${server} at ${url.origin}${url.pathname}`, variables: variablesOf(server) };
  let failure: CouldNotLook | undefined;
  const fetch = telling(names, (told) => {
    failure = told;
  });
  const transport = new StreamableHTTPClientTransport(url, { requestInit, fetch });
  try {
    return await connectMcp(server, transport as Transport);
  } catch (error) {
    if (failure) throw failure;
    const why = error instanceof Error ? error.message : String(error);
    const cure = `check that ${names.variables.url} is the whole address, which ends in /mcp`;
    throw new CouldNotLook("bad_response", `${names.name} does not speak MCP (${why})`, { cure });
  }
}

/** A fetch that says who could not be asked, why, and what to do: the client's own words are "fetch failed". */
function telling(names: BackendNames, told: (failure: CouldNotLook) => void): typeof fetch {
  const tell = (failure: CouldNotLook): never => {
    told(failure);
    throw failure;
  };
  return async (input, init) => {
    let answer: Response;
    try {
      answer = await fetch(input, init);
    } catch (error) {
      if (init?.signal?.aborted) throw error;
      return tell(failureOf(error instanceof Error ? (error.cause ?? error) : error, names));
    }
    // Without a stream of its own to open, a server answers a GET with 405.
    if (answer.ok || init?.method !== "POST") return answer;
    const { status } = answer;
    const text = await answer.text();
    if (status === 403) {
      const cure = `check ${names.variables.url} and ${names.variables.credentials}`;
      tell(
        new CouldNotLook("forbidden", `${names.name} refuses us (403): ${briefly(text, MAX_TOLD)}`, {
          cure,
        }),
      );
    }
    return tell(refusalOf({ status, headers: Object.fromEntries(answer.headers), text }, names, Date.now()));
  };
}
