import { serve } from "../../lib/http-server.js";
import { resolveOffers } from "./offers.js";

serve({
  "POST /offers": async ({ body, trace }) => ({ offers: await resolveOffers(body.lines, trace) }),
});
