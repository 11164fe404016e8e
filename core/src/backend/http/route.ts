import type { ClientRequest, RequestOptions } from "node:http";
import type { Socket } from "node:net";
import { proxyFor } from "./proxy.ts";

/** How requests reach one backend: straight or through a proxy, and which certificates are believed. */
export interface Route {
  /** A request that is not yet sent. Its socket is destroyed when the signal aborts. */
  open(url: URL, options: RequestOptions & { readonly signal: AbortSignal }): Promise<ClientRequest>;
  /** Lets go of idle connections. */
  close(): void;
}

/** The proxy would not let the request through. */
export class ProxyRefused extends Error {
  override readonly name = "ProxyRefused";
  readonly proxy: string;
  readonly status: number;

  constructor(proxy: string, status: number) {
    super(`the proxy ${proxy} answered ${status}`);
    this.proxy = proxy;
    this.status = status;
  }
}

const portOf = (url: URL) => url.port || (url.protocol === "https:" ? "443" : "80");
const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, "");

function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const [user, password] = [decodeURIComponent(proxy.username), decodeURIComponent(proxy.password)];
  return { "proxy-authorization": `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

/**
 * Opens a route to `base`. `ca` (PEM) replaces the authorities that Node trusts, for this backend alone; without it they are
 * Node's own and those of NODE_EXTRA_CA_CERTS. Loads Node's HTTP modules at its first request, since start-up time counts.
 */
export function routeTo(base: URL, ca: string | undefined, env: NodeJS.ProcessEnv): Route {
  const proxy = proxyFor(base, env);
  const trust = ca === undefined ? {} : { ca };
  const secure = base.protocol === "https:";
  let close = () => {};

  const load = async () => {
    const [http, https] = await Promise.all([import("node:http"), import("node:https")]);
    const agent = secure ? new https.Agent({ keepAlive: true, ...trust }) : new http.Agent({ keepAlive: true });
    close = () => agent.destroy();
    return { http, https, agent };
  };
  let loading: ReturnType<typeof load> | undefined;
  const modules = () => {
    loading ??= load();
    return loading;
  };

  /** A connection through the proxy to the backend's own port (RFC 9110, section 9.3.6). */
  const tunnel = async (through: URL, url: URL, signal: AbortSignal): Promise<Socket> => {
    const { http, https } = await modules();
    const target = `${url.hostname}:${portOf(url)}`;
    return new Promise((resolve, reject) => {
      const asking = (through.protocol === "https:" ? https : http).request({
        ...{ host: hostOf(through), port: portOf(through), method: "CONNECT", path: target, signal },
        headers: { host: target, ...proxyAuthorization(through) },
      });
      asking.once("connect", ({ statusCode = 0 }, socket) => {
        if (statusCode === 200) return resolve(socket);
        socket.destroy();
        reject(new ProxyRefused(through.host, statusCode));
      });
      asking.once("response", ({ statusCode = 0 }) => {
        asking.destroy();
        reject(new ProxyRefused(through.host, statusCode));
      });
      asking.once("error", reject);
      asking.end();
    });
  };

  return {
    open: async (url, options) => {
      const { http, https, agent } = await modules();
      if (proxy === undefined) return (secure ? https : http).request(url, { ...options, agent });
      if (!secure) {
        const headers = {
          ...(options.headers as Record<string, string>),
          host: url.host,
          ...proxyAuthorization(proxy),
        };
        return http.request({ ...options, host: hostOf(proxy), port: portOf(proxy), path: url.href, headers });
      }
      const [{ connect }, { isIP }] = await Promise.all([import("node:tls"), import("node:net")]);
      const socket = await tunnel(proxy, url, options.signal);
      const host = hostOf(url);
      const name = isIP(host) === 0 ? { servername: host } : {};
      const createConnection = () => connect({ socket, host, ...name, ...trust });
      // Without an agent, Node takes 80 for the port of any scheme, and says so in Host.
      return https.request(url, { ...options, defaultPort: 443, createConnection });
    },
    close: () => close(),
  };
}
