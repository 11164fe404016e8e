import { number } from "../../lib/config.js";
import { connectDatabase } from "../../lib/database.js";
import { serve } from "../../lib/http-server.js";
import { every } from "../../lib/schedule.js";
import { reconcile } from "./reconcile.js";

const database = connectDatabase("stock-db");

serve({
  "POST /availability": async ({ body, trace }) => {
    const skus = body.lines.map((line) => line.sku);
    const rows = await database.query("stock_by_skus", { skus }, trace);
    return { available: body.lines.map((line, index) => (rows[index]?.on_hand ?? 0) >= line.quantity) };
  },
});

every(number("RECONCILE_EVERY_SECONDS", 240), () => reconcile(database));
