import { HttpError } from "../../lib/errors.js";
import { createLogger } from "../../lib/logger.js";
import { listObjects, readObject } from "../../lib/object-store.js";

const log = createLogger("search.range");

/** What may be found. It is taken over from range planning every night. */
export function createRange() {
  let closed = false;
  return {
    check() {
      if (closed) throw new HttpError(503, "the range is being taken over");
    },
    /** Half an old range and half a new one must not be seen together: closed until the new one is there. */
    async takeOver(trace) {
      closed = true;
      const parts = await listObjects("ranges/", trace);
      for (const part of parts) await readObject(part, trace);
      closed = false;
      log.info(`range of ${parts.length} parts taken over`, trace);
      return { parts: parts.length };
    },
  };
}
