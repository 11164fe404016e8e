import { number, text } from "../../lib/config.js";
import { createClient } from "../../lib/http-client.js";
import { serve } from "../../lib/http-server.js";
import { createLogger } from "../../lib/logger.js";

const log = createLogger("payments.authorise");
const gateway = createClient("card-gateway", {
  timeoutMs: number("GATEWAY_TIMEOUT_MS", 1200),
  retries: number("GATEWAY_RETRIES", 1),
  authorization: text("GATEWAY_KEY"),
});

serve({
  "POST /payments": async ({ body, trace }) => {
    const answer = await gateway.post("/v1/authorisations", { amount: body.amount, card: body.card }, trace);
    if (!answer.approved) log.warn(`authorisation declined by issuer: ${answer.reason}`, trace);
    return { approved: answer.approved, reference: answer.reference };
  },
});
