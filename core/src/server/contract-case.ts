import type { Evidence } from "../evidence/evidence.ts";

/** Arguments of a tool call. */
export type CaseArguments = Readonly<Record<string, unknown>>;

/** What a case may look at to make up its arguments: the recording's commits, oldest first, and the server's own tools. */
export interface CaseWorld {
  readonly commits: readonly string[];
  ask(tool: string, args: CaseArguments): Promise<{ readonly evidence: readonly Evidence[] }>;
}

/** One tool's arguments for each outcome. `bad_request` needs none: any unknown service or argument is one. */
export interface ContractCase {
  /** The default call: nothing but what must be given. */
  readonly found: CaseArguments | ((world: CaseWorld) => Promise<CaseArguments>);
  /** Something that is not there, or why this tool cannot find nothing. */
  readonly nothing: CaseArguments | { readonly never: string };
}

/** What a server's `contract.ts` exports: the cases of its tools, and files that the recording needs for them. */
export interface Contract {
  readonly cases: Readonly<Record<string, ContractCase>>;
  /** Files to lay into the recording, by name, besides those that every recording of the contract has. */
  readonly files?: Readonly<Record<string, string>>;
}
