import { workOnCase } from "./work-on-case.ts";
import type { WorkParts } from "./work-parts.ts";

/** Work of another process that died is found after this at the latest; only while a case is due at all. */
const MAX_SLEEP_MS = 60_000;
/** After the store could not be asked. */
const RETRY_MS = 5_000;

export interface CaseLoop {
  /** Something came that may be due now. */
  poke(): void;
  /** How many cases are being worked on in this process. */
  readonly working: number;
  /** Waits until nothing is worked on: abort the parts' signal first. */
  ended(): Promise<void>;
}

/**
 * Works on whatever is due, so many cases at once, in a process that stays. It sleeps until the next case is due, and without one until it is
 * poked: nothing is polled. What was due when an earlier process ended is due now.
 */
export function startCaseLoop(parts: WorkParts, casesAtOnce: number): CaseLoop {
  const inHand = new Map<string, Promise<void>>();
  /** Held by somebody else: not asked for again before. */
  const notBefore = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let again = false;

  const sleep = (ms: number) => {
    clearTimeout(timer);
    if (!parts.signal.aborted) timer = setTimeout(look, Math.max(ms, 0));
  };
  const work = async (id: string): Promise<void> => {
    try {
      const worked = await workOnCase(parts, id);
      if (worked.kind === "not_taken") notBefore.set(id, parts.now() + RETRY_MS);
      else notBefore.delete(id);
    } catch (error) {
      notBefore.set(id, parts.now() + RETRY_MS);
      parts.log("a case could not be worked on", {
        case: id,
        why: error instanceof Error ? error.message : String(error),
      });
    } finally {
      inHand.delete(id);
      look();
    }
  };
  const lookOnce = async (): Promise<void> => {
    const due = (await parts.store.due()).filter(({ id }) => !inHand.has(id));
    const wait = ({ id, dueAt }: (typeof due)[number]) => Math.max(dueAt, notBefore.get(id) ?? 0) - parts.now();
    for (const one of due) {
      if (wait(one) > 0 || inHand.size >= casesAtOnce || parts.signal.aborted) continue;
      inHand.set(one.id, work(one.id));
    }
    const waiting = due.filter(({ id }) => !inHand.has(id)).map(wait);
    // Full: whoever finishes looks again.
    if (waiting.length > 0 && inHand.size < casesAtOnce) sleep(Math.min(...waiting, MAX_SLEEP_MS));
  };
  function look(): void {
    if (parts.signal.aborted) return;
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    lookOnce()
      .catch((error: unknown) => {
        parts.log("the case store could not be asked what is due", { why: String(error) });
        sleep(RETRY_MS);
      })
      .finally(() => {
        looking = false;
        if (!again) return;
        again = false;
        look();
      });
  }
  parts.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  look();
  return {
    poke: look,
    get working() {
      return inHand.size;
    },
    ended: async () => {
      while (inHand.size > 0) await Promise.all(inHand.values());
    },
  };
}
