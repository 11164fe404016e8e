import { CouldNotLook } from "@oncall-copilot/core";
import { type HttpClient, refusalOf } from "@oncall-copilot/core/backend";
import type { DatabricksNames } from "./names.ts";

/** What the driver's connection has of Thrift's own, which Thrift's clients rely on. */
interface ThriftConnection {
  readonly transport: { receiver(read: (input: object) => void, sequence: number): (answer: Buffer) => void };
  readonly client?: { readonly _reqs: Record<number, (error: unknown) => void> };
  handleThriftResponse(input: object): void;
  write(message: Buffer, sequence: number): void;
}

export interface Carrier {
  readonly http: HttpClient;
  /** Where the warehouse's Thrift service is. */
  readonly path: string;
  readonly names: DatabricksNames;
  /** Cuts whatever is under way. */
  readonly abort: AbortSignal;
}

/**
 * Puts our own transport below the driver: it says what to ask and reads the answers, we carry them. So a proxy, an authority, a
 * time limit, a longest answer and attempts are the same as everywhere; its own has no longest answer, trusts no private authority
 * behind a proxy, and forgets Retry-After.
 */
export function carryThrough(connection: ThriftConnection, carrier: Carrier): void {
  const { names } = carrier;
  connection.write = (message, sequence) => {
    const waiting = () => connection.client?._reqs[sequence];
    const fail = (error: unknown) => {
      const failed = waiting();
      delete connection.client?._reqs[sequence];
      failed?.(error);
    };
    carry(message, carrier)
      .then((answer) => {
        connection.transport.receiver((input) => connection.handleThriftResponse(input), sequence)(answer);
        // Half a message is read without an error: more of it might come on another transport than HTTP.
        if (waiting()) fail(unreadable(names));
      })
      .catch((error: unknown) => fail(error instanceof CouldNotLook ? error : unreadable(names, error)));
  };
}

async function carry(message: Buffer, { http, path, names, abort }: Carrier): Promise<Buffer> {
  const answer = await http.send({
    ...{ path, method: "POST", body: message, encoding: "latin1", abort },
    headers: { accept: "application/x-thrift", "content-type": "application/x-thrift", "user-agent": "oncall-copilot" },
    // Statements only read, so that all but the next rows may be asked for again.
    repeatable: methodOf(message) !== "FetchResults",
  });
  if (answer.status !== 200) throw refusalOf(answer, names, Date.now());
  return Buffer.from(answer.text, "latin1");
}

/** A message begins with version and kind, then the name's length and the name (Thrift's binary protocol). */
const methodOf = (message: Buffer) => message.toString("latin1", 8, 8 + message.readInt32BE(4));

function unreadable({ name, variables }: DatabricksNames, cause?: unknown): CouldNotLook {
  const cure = `check that ${variables.url} lead to a SQL warehouse and no login page in front of it`;
  return new CouldNotLook("bad_response", `${name} answered with what its driver cannot read`, {
    cure,
    ...(cause === undefined ? {} : { cause }),
  });
}
