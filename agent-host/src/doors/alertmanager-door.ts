import { type Credentials, checkAuthorization } from "./authorization.ts";
import type { Door } from "./door.ts";
import { jsonOf } from "./json-body.ts";

/** Alertmanager and Mimir sign nothing: they show a bearer token, or a user and a password. */
export const alertmanagerDoor = (credentials: Credentials): Door => ({
  name: "alertmanager",
  path: "/alerts/alertmanager",
  admit: async (delivery) => {
    checkAuthorization(delivery, credentials);
    return { kind: "payload", payload: jsonOf(delivery.body) };
  },
});
