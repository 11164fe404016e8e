import { createCache } from "../../lib/cache.js";
import { number } from "../../lib/config.js";
import { connectDatabase } from "../../lib/database.js";
import { serve } from "../../lib/http-server.js";
import { createLogger } from "../../lib/logger.js";

const log = createLogger("accounts.sessions");
const database = connectDatabase("accounts-db");
const sessions = createCache({ ttlMs: number("SESSION_CACHE_TTL_MS", 15_000) });

serve({
  "GET /sessions/:id": async ({ params, trace }) => {
    const known = sessions.get(params.id);
    if (known !== undefined) return known;
    const [row] = await database.query("session_by_id", { ids: [params.id] }, trace);
    if (row.expires_in < 90)
      log.warn(`session of customer ${row.customer} expires in ${row.expires_in} s, not extended`, trace);
    const session = { name: row.name, lines: row.lines };
    sessions.set(params.id, session);
    return session;
  },

  "GET /profiles/:id": async ({ params, trace }) => {
    const [row] = await database.query("profile_by_id", { ids: [params.id] }, trace);
    return { name: row.name, since: row.since };
  },
});
