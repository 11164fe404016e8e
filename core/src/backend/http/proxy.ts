/** Which proxy a request goes through, by the environment's usual variables. Undefined: none, it goes straight there. */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): URL | undefined {
  const named =
    url.protocol === "https:"
      ? env["HTTPS_PROXY"] || env["https_proxy"]
      : // Upper-case HTTP_PROXY is what a CGI script gets from a request's Proxy header; curl reads only the other one.
        env["http_proxy"] || env["HTTP_PROXY"];
  if (!named || goesStraight(url, env["NO_PROXY"] || env["no_proxy"] || "")) return undefined;
  const address = named.includes("://") ? named : `http://${named}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

/** Loopback is never proxied, as in Go; `NO_PROXY` holds `*`, hosts, or domains, each with a port if need be. */
function goesStraight(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host)) return true;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return noProxy
    .toLowerCase()
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = entry, itsPort] = /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      const domain = name.replace(/^\*?\./, "");
      return (itsPort === undefined || itsPort === port) && (host === domain || host.endsWith(`.${domain}`));
    });
}
