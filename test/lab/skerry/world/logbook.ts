import type { Random } from "../../random.ts";

export type Level = "debug" | "info" | "warn" | "error";

export interface Line {
  readonly at: number;
  readonly service: string;
  readonly level: Level;
  readonly message: string;
  readonly logger?: string | undefined;
  readonly trace?: string | undefined;
  readonly pod?: string | undefined;
  /** Further flat fields, by the conventions of the writer's language. */
  readonly more?: Readonly<Record<string, string | number>> | undefined;
}

/** Of the warnings and errors of one logger in one second so many are kept, then each tenth: as zap's and Spring's samplers do. */
const FULL_PER_SECOND = 3;
const THEN_EACH = 12;

/** All that is written. Access lines are kept by trace, whole traces or nothing; loud loggers are sampled by the second. */
export class Logbook {
  readonly #lines: Line[] = [];
  readonly #second = new Map<string, { second: number; count: number }>();
  readonly #random: Random;
  readonly #keepEach: number;

  constructor(random: Random, keepEach: number) {
    this.#random = random;
    this.#keepEach = keepEach;
  }

  trace(): Trace {
    return { id: this.#random.hex(32), kept: this.#random.next() * this.#keepEach < 1 };
  }

  write(line: Line): void {
    if (line.level === "warn" || line.level === "error") {
      const key = `${line.service} ${line.logger}`;
      const second = Math.floor(line.at / 1000);
      const seen = this.#second.get(key);
      const count = seen?.second === second ? seen.count + 1 : 1;
      this.#second.set(key, { second, count });
      if (count > FULL_PER_SECOND && count % THEN_EACH !== 0) return;
    }
    this.#lines.push(line);
  }

  /** The lines of logs.ndjson, of a stretch of time. */
  format(from: number, to: number): string {
    return this.#lines
      .filter(({ at }) => at >= from && at <= to)
      .sort((a, b) => a.at - b.at)
      .map(
        ({ at, service, level, message, logger, trace, pod, more }) =>
          `${JSON.stringify({
            "@timestamp": new Date(Math.round(at)).toISOString(),
            "service.name": service,
            "log.level": level,
            message,
            ...(logger === undefined ? {} : { "log.logger": logger }),
            ...(trace === undefined ? {} : { "trace.id": trace }),
            ...(pod === undefined ? {} : { "k8s.pod.name": pod }),
            ...more,
          })}\n`,
      )
      .join("");
  }
}

export interface Trace {
  readonly id: string;
  /** Whether its access lines are kept. */
  readonly kept: boolean;
}
