import type { IncomingHttpHeaders } from "node:http";
import { type Caller, type DoubleRepo, notFound, type World } from "./world.ts";

/** A request that fits GitHub's description. */
export interface Asked {
  readonly world: World;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Gives what the answer's JSON says (the double makes up the rest), or throws `Refused`. */
export type Handler = (asked: Asked) => unknown;

/** A diff. */
export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Something made, or something that is told in parts. */
export class Made {
  readonly json: unknown;
  readonly status: number;

  constructor(json: unknown, status = 201) {
    this.json = json;
    this.status = status;
  }
}

export function repoOf({ world, params }: Asked): DoubleRepo {
  const repo = world.repo(params["owner"] ?? "", params["repo"] ?? "");
  if (!repo) throw notFound();
  return repo;
}
