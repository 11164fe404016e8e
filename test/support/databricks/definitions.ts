import { createRequire } from "node:module";
import type * as Types from "@databricks/sql/thrift/TCLIService_types";

/** Databricks' own definitions of its wire, as its client carries them, and the Thrift that the client speaks them with. */
const client = createRequire(createRequire(import.meta.url).resolve("@databricks/sql"));

export const types: typeof Types = client("../thrift/TCLIService_types");
const service = client("../thrift/TCLIService") as { Processor: new (handler: object) => Processor };
const { TBinaryProtocol, TBufferedTransport } = client("thrift") as Thrift;
export const Int64 = client("node-int64") as new (value: number) => Types.TRowSet["startRowOffset"];

interface Processor {
  process(input: object, output: object): void;
}
interface Transport {
  commitPosition(): void;
}
interface Thrift {
  readonly TBinaryProtocol: new (transport: object) => object;
  readonly TBufferedTransport: {
    new (buffer: undefined, flushed: (answer: Buffer) => void): object;
    receiver(received: (transport: Transport) => void, sequence: number): (message: Buffer) => void;
  };
}

/** What the service is asked: a function for each of its methods, that the processor calls with the request it read. */
export type Methods = Readonly<Record<string, (request: never) => Promise<object>>>;

/** Reads one message, has it answered, and gives the answer's bytes. */
export function answerTo(message: Buffer, methods: Methods): Promise<Buffer> {
  const processor = new service.Processor(methods);
  return new Promise((resolve, reject) => {
    try {
      const receive = TBufferedTransport.receiver((transport) => {
        const output = new TBinaryProtocol(new TBufferedTransport(undefined, resolve));
        processor.process(new TBinaryProtocol(transport), output);
        transport.commitPosition();
      }, 0);
      receive(message);
    } catch (error) {
      reject(error);
    }
  });
}

/** The method that a message calls: it begins with version and kind, then the name's length and the name. */
export const methodOf = (message: Buffer): string => message.toString("latin1", 8, 8 + message.readInt32BE(4));
