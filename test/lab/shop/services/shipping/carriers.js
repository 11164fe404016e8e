const LIGHT = 4;

/** Small parcels go by letter post, all others by van. */
export function chooseCarrier(lines) {
  const pieces = lines.reduce((sum, line) => sum + line.quantity, 0);
  return pieces <= LIGHT ? "letterpost" : "vanline";
}
