import { randomUUID } from "node:crypto";
import type * as Types from "@databricks/sql/thrift/TCLIService_types";
import { rowSetOf, schemaOf } from "./columns.ts";
import { type Methods, types } from "./definitions.ts";
import type { Engine, Outcome, Problem, Statement, Table } from "./engine.ts";

const { TOperationState: State, TStatusCode } = types;

/** How the service behaves; a test changes it as it goes. */
export interface Behaviour {
  /** What OpenSession says that the server speaks. */
  protocol: number;
  /** How long ExecuteStatement waits for the result before it answers without, in milliseconds. */
  directMs: number;
  /** Until then every operation is pending, as while a warehouse starts. Epoch milliseconds. */
  startedAt: number;
}

interface Operation {
  readonly abort: AbortController;
  state: Types.TOperationState;
  table: Table | undefined;
  problem: Problem | undefined;
  fetched: number;
  readonly settled: Promise<void>;
}

const OK = new types.TStatus({ statusCode: TStatusCode.SUCCESS_STATUS });
const bytesOf = (uuid: string) => Buffer.from(uuid.replaceAll("-", ""), "hex");
const invalid = (what: string) =>
  new types.TStatus({
    statusCode: TStatusCode.INVALID_HANDLE_STATUS,
    sqlState: "HY000",
    errorMessage: `Invalid ${what}`,
  });

/** Databricks SQL's Thrift service over an engine: sessions, and statements that run on their own until they are asked for. */
export function thriftService(engine: Engine, behaviour: Behaviour) {
  const sessions = new Map<string, Readonly<Record<string, string>>>();
  const operations = new Map<string, Operation>();
  const statements: Statement[] = [];

  const begin = (statement: Statement): Operation => {
    const abort = new AbortController();
    const wait = behaviour.startedAt - Date.now();
    const operation: Operation = {
      ...{ abort, state: State.PENDING_STATE, table: undefined, problem: undefined, fetched: 0 },
      settled: run().then(settle),
    };
    async function run(): Promise<Outcome> {
      if (wait > 0) await Promise.race([sleep(wait), aborted(abort.signal)]);
      if (abort.signal.aborted) return { error: { message: "cancelled", cancelled: true } };
      await Promise.resolve();
      operation.state = State.RUNNING_STATE;
      return engine.execute(statement, abort.signal);
    }
    function settle(outcome: Outcome): void {
      if ("error" in outcome) operation.problem = outcome.error;
      else operation.table = outcome;
      if (abort.signal.aborted) operation.state = State.CANCELED_STATE;
      else operation.state = "error" in outcome ? State.ERROR_STATE : State.FINISHED_STATE;
    }
    return operation;
  };

  const statusOf = ({ state, problem }: Operation) =>
    new types.TGetOperationStatusResp({
      status: OK,
      operationState: state,
      hasResultSet: true,
      ...(state === State.ERROR_STATE && problem
        ? {
            sqlState: problem.sqlState ?? "HY000",
            errorMessage: `org.apache.hive.service.cli.HiveSQLException: ${problem.message}`,
            displayMessage: problem.message,
          }
        : {}),
    });
  const metadataOf = (table: Table) =>
    new types.TGetResultSetMetadataResp({
      ...{ status: OK, schema: schemaOf(table), resultFormat: types.TSparkRowSetType.COLUMN_BASED_SET },
      ...{ lz4Compressed: false, isStagingOperation: false },
    });
  const fetch = (operation: Operation, table: Table, most: number) => {
    const [from, to] = [operation.fetched, Math.min(table.rows.length, operation.fetched + most)];
    operation.fetched = to;
    const hasMoreRows = to < table.rows.length;
    return new types.TFetchResultsResp({ status: OK, hasMoreRows, results: rowSetOf(table, from, to) });
  };
  const uuidOf = (handle: { guid: Buffer }) => handle.guid.toString("hex");
  const found = (handle: Types.TOperationHandle) => operations.get(uuidOf(handle.operationId));

  const methods: Methods = {
    OpenSession: async (request: Types.TOpenSessionReq) => {
      const id = bytesOf(randomUUID());
      sessions.set(id.toString("hex"), request.configuration ?? {});
      const sessionId = new types.THandleIdentifier({ guid: id, secret: bytesOf(randomUUID()) });
      return new types.TOpenSessionResp({
        ...{ status: OK, serverProtocolVersion: behaviour.protocol },
        sessionHandle: new types.TSessionHandle({ sessionId }),
      });
    },
    CloseSession: async ({ sessionHandle }: Types.TCloseSessionReq) => {
      const known = sessions.delete(uuidOf(sessionHandle.sessionId));
      return new types.TCloseSessionResp({ status: known ? OK : invalid("SessionHandle") });
    },
    ExecuteStatement: async (request: Types.TExecuteStatementReq) => {
      const settings = sessions.get(uuidOf(request.sessionHandle.sessionId));
      if (!settings) return new types.TExecuteStatementResp({ status: invalid("SessionHandle") });
      const statement = { sql: request.statement, args: argsOf(request.parameters ?? []), settings };
      statements.push(statement);
      const operation = begin(statement);
      const id = bytesOf(randomUUID());
      operations.set(id.toString("hex"), operation);
      const operationHandle = new types.TOperationHandle({
        operationId: new types.THandleIdentifier({ guid: id, secret: bytesOf(randomUUID()) }),
        ...{ operationType: types.TOperationType.EXECUTE_STATEMENT, hasResultSet: true },
      });
      const most = request.getDirectResults?.maxRows;
      if (most) await Promise.race([operation.settled, sleep(behaviour.directMs)]);
      const { table } = operation;
      const whole =
        most && table
          ? {
              ...{ resultSetMetadata: metadataOf(table), resultSet: fetch(operation, table, Number(most)) },
              ...(operation.fetched === table.rows.length
                ? { closeOperation: new types.TCloseOperationResp({ status: OK }) }
                : {}),
            }
          : {};
      if ("closeOperation" in whole) operations.delete(id.toString("hex"));
      const directResults = most && { operationStatus: statusOf(operation), ...whole };
      return new types.TExecuteStatementResp({
        ...{ status: OK, operationHandle },
        ...(directResults ? { directResults: new types.TSparkDirectResults(directResults) } : {}),
      });
    },
    GetOperationStatus: async ({ operationHandle }: Types.TGetOperationStatusReq) => {
      const operation = found(operationHandle);
      return operation
        ? statusOf(operation)
        : new types.TGetOperationStatusResp({ status: invalid("OperationHandle") });
    },
    GetResultSetMetadata: async ({ operationHandle }: Types.TGetResultSetMetadataReq) => {
      const table = found(operationHandle)?.table;
      return table ? metadataOf(table) : new types.TGetResultSetMetadataResp({ status: invalid("OperationHandle") });
    },
    FetchResults: async ({ operationHandle, maxRows }: Types.TFetchResultsReq) => {
      const operation = found(operationHandle);
      return operation?.table
        ? fetch(operation, operation.table, Number(maxRows))
        : new types.TFetchResultsResp({ status: invalid("OperationHandle") });
    },
    CancelOperation: async ({ operationHandle }: Types.TCancelOperationReq) => {
      const operation = found(operationHandle);
      operation?.abort.abort();
      if (operation) operation.state = State.CANCELED_STATE;
      return new types.TCancelOperationResp({ status: operation ? OK : invalid("OperationHandle") });
    },
    CloseOperation: async ({ operationHandle }: Types.TCloseOperationReq) => {
      const known = operations.delete(uuidOf(operationHandle.operationId));
      return new types.TCloseOperationResp({ status: known ? OK : invalid("OperationHandle") });
    },
  };
  return { methods, sessions, operations, statements };
}

/** Values come as text with Spark's name of their type, and without either where they are null. */
function argsOf(parameters: readonly Types.TSparkParameter[]): Statement["args"] {
  return Object.fromEntries(
    parameters.map(({ name, type, value }) => {
      if (name === undefined || name === null) throw new Error("a parameter has no name");
      const text = value?.stringValue;
      if (text === undefined || text === null) return [name, null];
      if (type === "BOOLEAN") return [name, text === "TRUE"];
      return [name, type === "STRING" ? text : Number(text)];
    }),
  );
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
