import { createHash } from "node:crypto";

/** How long a statement takes in milliseconds, by its median and spread. */
function took(median, sigma = 0.22) {
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return median * Math.exp(sigma * normal);
}

function number(text, below) {
  return createHash("sha256").update(text).digest().readUInt32BE(0) % below;
}

function campaigns(sku) {
  return Array.from({ length: 9 }, (_, index) => ({
    id: `c-${number(`${sku}/${index}`, 900) + 100}`,
    percent: number(`${sku}/${index}/p`, 4) * 5,
  }));
}

function rules(campaign) {
  return [{ kind: "min_quantity", value: 1 + number(campaign, 3) }];
}

const STATEMENTS = {
  campaigns_with_rules_by_skus: (p) => ({
    ms: took(16 + 2 * p.skus.length),
    rows: p.skus.map((sku) => ({
      sku,
      campaigns: campaigns(sku).map((one) => ({ ...one, rules: rules(one.id) })),
    })),
  }),
  campaigns_by_sku: (p) => ({ ms: took(28), rows: campaigns(p.sku) }),
  rules_by_campaign: (p) => ({ ms: took(26), rows: rules(p.campaign) }),
  stock_by_skus: (p) => ({
    ms: took(9 + p.skus.length),
    rows: p.skus.map((sku) => ({ sku, on_hand: number(sku, 400) })),
  }),
  ledger_by_sku: (p) => ({ ms: took(14), rows: p.skus.map((sku) => ({ sku, on_hand: number(sku, 400) })) }),
  session_by_id: (p) => ({
    ms: took(8),
    rows: p.ids.map((id) => ({
      customer: `k${number(id, 90000)}`,
      name: "customer",
      lines: ["tent", "boots"],
      expires_in: number(`${id}x`, 3600),
    })),
  }),
  profile_by_id: (p) => ({
    ms: took(11),
    rows: p.ids.map((id) => ({ name: "customer", since: 2015 + number(id, 10) })),
  }),
};

function database(_url, body) {
  const statement = STATEMENTS[body.statement];
  if (statement === undefined) return { status: 400, ms: 1, body: { error: `no statement ${body.statement}` } };
  const { ms, rows } = statement(body.params);
  return { status: 200, ms: Math.random() < 0.004 ? ms + 60 : ms, body: { rows } };
}

function gateway(_url, body) {
  const dice = Math.random();
  if (dice < 0.004) return { status: 502, ms: 300, body: { error: "acquirer link reset" } };
  const ms = dice < 0.02 ? took(650, 0.15) : took(85, 0.3);
  const declined = Math.random() < 0.02;
  return {
    status: 200,
    ms,
    body: declined
      ? { approved: false, reason: "insufficient funds", reference: null }
      : { approved: true, reference: `auth-${number(`${body.card}${body.amount}`, 1e9)}` },
  };
}

/** An object store: a few milliseconds each, now and then more. */
function objects(_url, { action, key }) {
  const slow = Math.random() < 0.01 ? 25 : 0;
  const ms = (key.endsWith("listing") ? 10 : 4) + Math.random() * 5 + slow;
  const keys = action === "s3:ListBucket" ? Array.from({ length: 12 }, (_, part) => `${key}part-${part}`) : undefined;
  return { status: 200, ms, body: { keys } };
}

/** The steady talk of a database's log. */
function checkpoints(seconds) {
  return (log) =>
    setInterval(
      () =>
        log(
          "info",
          `checkpoint complete: wrote ${100 + Math.floor(Math.random() * 80)} buffers, sync=0.00${Math.ceil(Math.random() * 9)} s`,
        ),
      seconds * 1000,
    );
}

export const RESOURCES = {
  "offers-db": { limit: 60, routes: database, background: checkpoints(60) },
  "stock-db": { limit: 60, routes: database, background: checkpoints(75) },
  "accounts-db": { limit: 60, routes: database, background: checkpoints(90) },
  "card-gateway": { limit: 200, routes: gateway },
  "media-store": { limit: 300, routes: objects },
};
