import { number } from "../../lib/config.js";
import { createClient } from "../../lib/http-client.js";
import { serve } from "../../lib/http-server.js";
import { createLogger } from "../../lib/logger.js";
import { readObject } from "../../lib/object-store.js";
import { chooseCarrier } from "./carriers.js";

const log = createLogger("shipping.labels");
const notifications = createClient("notifications", { timeoutMs: number("NOTIFICATIONS_TIMEOUT_MS", 600) });
let printed = 0;

serve({
  "POST /shipments": async ({ body, trace }) => {
    const carrier = chooseCarrier(body.lines);
    await readObject(`labels/templates/${carrier}`, trace);
    printed += 1;
    if (printed % 40 === 0) log.warn(`label stock of ${carrier} below 15 %, reorder due`, trace);
    const id = `shp-${Date.now().toString(36)}-${printed}`;
    await notifications.post("/messages", { kind: "shipment", id }, trace);
    return { id, carrier };
  },
});
