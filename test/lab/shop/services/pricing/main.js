import { serve } from "../../lib/http-server.js";
import { compute } from "../../lib/processor.js";
import { listPrices } from "./list-prices.js";
import { offersFor } from "./offers.js";
import { total } from "./total.js";

serve({
  "POST /quotes": async ({ body, trace }) => {
    const [prices, offers] = await Promise.all([listPrices(body.lines, trace), offersFor(body.lines, trace)]);
    await compute(3 * body.lines.length);
    return total(body.lines, prices, offers);
  },
});
