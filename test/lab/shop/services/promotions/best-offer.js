/** Of the campaigns whose rules a line meets, the one that takes most off. */
export function bestOffer(line, campaigns) {
  const percent = campaigns
    .filter((campaign) => campaign.rules.every((rule) => meets(rule, line)))
    .reduce((best, campaign) => Math.max(best, campaign.percent), 0);
  return { sku: line.sku, percent };
}

function meets(rule, line) {
  switch (rule.kind) {
    case "min_quantity":
      return line.quantity >= rule.value;
    default:
      return true;
  }
}
