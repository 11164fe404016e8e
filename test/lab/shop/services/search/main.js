import { number, text } from "../../lib/config.js";
import { createClient } from "../../lib/http-client.js";
import { serve } from "../../lib/http-server.js";
import { createLogger } from "../../lib/logger.js";
import { compute } from "../../lib/processor.js";
import { every } from "../../lib/schedule.js";
import { rebuild } from "./index-rebuild.js";
import { createRange } from "./range.js";
import { rank } from "./rank.js";
import { expand } from "./synonyms.js";

const log = createLogger("search.query");
const catalogue = createClient("catalogue", {
  timeoutMs: number("CATALOGUE_TIMEOUT_MS", 800),
  authorization: text("CATALOGUE_KEY"),
});

const range = createRange();

serve({
  "GET /search": async ({ query, trace }) => {
    range.check();
    const asked = query.get("q") ?? "";
    const listing = await catalogue.get(`/listing?q=${encodeURIComponent(expand(asked))}`, trace);
    if (listing.products.length === 0) log.warn(`no hits for "${asked}", synonym set v14 has no entry`, trace);
    await compute(12);
    return { hits: rank(listing.products, asked) };
  },

  "POST /range": ({ trace }) => range.takeOver(trace),
});

every(number("REBUILD_EVERY_SECONDS", 270), () => rebuild(catalogue));
