import { randomUUID } from "node:crypto";

/** An order is settled when it is paid; until then it is only reserved. */
export function createOrder(cart, priced, payment, shipment) {
  return {
    order: randomUUID(),
    cart,
    total: priced.total,
    state: payment.approved ? "settled" : "reserved",
    shipment: shipment.id,
  };
}
