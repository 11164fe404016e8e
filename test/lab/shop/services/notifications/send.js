import { createLogger } from "../../lib/logger.js";
import { pause } from "../../lib/schedule.js";

const log = createLogger("notifications.smtp");

/** Hands a message to the relay; a greylisted one is sent again a little later. */
export async function send({ kind, id, trace }) {
  await pause(90 + Math.random() * 120);
  if (Math.random() < 0.03) {
    log.warn(`451 4.7.1 greylisted by relay mx2.northwind.example, ${kind} ${id} goes again in 2 s`, trace);
    await pause(2000);
  }
  if (Math.random() < 0.004) {
    log.error(
      `SmtpError: 554 5.7.1 ${kind} rejected: recipient unknown\n    at Relay.deliver (/app/lib/smtp.js:58:11)\n    at async send (/app/services/notifications/send.js:15:5)`,
      trace,
    );
  }
}
