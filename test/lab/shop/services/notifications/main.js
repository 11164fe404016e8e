import { number } from "../../lib/config.js";
import { HttpError } from "../../lib/errors.js";
import { serve } from "../../lib/http-server.js";
import { every } from "../../lib/schedule.js";
import { createQueue } from "./queue.js";
import { send } from "./send.js";

const queue = createQueue({ workers: number("SEND_WORKERS", 2), limit: number("QUEUE_LIMIT", 5000), work: send });

serve({
  "POST /messages": async ({ body, trace }) => {
    if (!queue.push({ ...body, trace })) throw new HttpError(503, "the outbox is full");
    return { accepted: true };
  },
});

// The digest of the day's offers goes out in slices, so that the mail relay is not flooded.
every(number("DIGEST_EVERY_SECONDS", 190), async () => {
  for (let index = 0; index < number("DIGEST_SLICE", 60); index += 1) queue.push({ kind: "digest", id: `d-${index}` });
});
