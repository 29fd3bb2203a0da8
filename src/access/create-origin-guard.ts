/** What of a request decides whether it is answered at all; a header that came twice has all its values, with commas. */
export interface GuardedRequest {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
  readonly method: string;
  /** With or without query. */
  readonly path: string;
}

export type OriginVerdict =
  | { readonly ok: true }
  /** `reason` is for the log: the caller gets the status alone. */
  | { readonly ok: false; readonly status: 400 | 403; readonly reason: string };

/** The door of every transport: HTTP, WebSocket, SSE, terminal, webhooks. Pure; asked before anything is executed. */
export interface OriginGuard {
  check(request: GuardedRequest): OriginVerdict;
}

export interface OriginGuardOptions {
  /** The port that is really listened on. */
  ownPort(): number;
  /** Whether the listener is reachable from this machine alone; only then are loopback names its own. */
  readonly loopback: boolean;
  /** Values of the Host header that are answered, with the port where one is sent: `api.example.com`, `api.example.com:8443`. */
  readonly allowedHosts: readonly string[];
  /** Origins whose pages may call: `https://console.example.com`. */
  readonly allowedOrigins: readonly string[];
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/** Orchestrators ask these by address; they tell nothing but whether the process lives. */
const hostExempt = new Set(['/livez', '/readyz']);

/**
 * Exact lists, no patterns. A Host that is not ours is a name somebody pointed at us (DNS rebinding); an Origin that is
 * not ours is another site's page. Without an Origin no page is asking, unless the browser says that another site is.
 * Throws for a setting that could never match or that means everybody.
 */
export function createOriginGuard(options: OriginGuardOptions): OriginGuard {
  const hosts = new Set(options.allowedHosts.map(checkHostSetting));
  const origins = new Set(options.allowedOrigins.map(checkOriginSetting));

  function isOwnHost(host: string): boolean {
    if (!options.loopback) return false;
    const port = options.ownPort();
    return loopbackNames.some((name) => host === `${name}:${port}` || (port === 80 && host === name));
  }

  return {
    check({ host, origin, secFetchSite, path }) {
      if (!hostExempt.has(path.split('?', 1)[0] ?? '')) {
        // Names are the same in any case; everything else about them must be exactly as expected.
        const name = host?.toLowerCase();
        if (name === undefined || !isHost(name)) return refuse(400, 'the Host header is missing or malformed');
        if (!hosts.has(name) && !isOwnHost(name)) return refuse(403, 'the Host header is not one of ours');
      }
      if (origin === undefined) {
        return secFetchSite?.toLowerCase().includes('cross-site')
          ? refuse(403, 'another site asks without an Origin')
          : allowed;
      }
      // Browsers write origins in one way; what is written otherwise was not written by one.
      if (origins.has(origin)) return allowed;
      const isOwn = origin.startsWith('http://') && isOwnHost(origin.slice('http://'.length));
      return isOwn ? allowed : refuse(403, 'the Origin is not one of ours');
    },
  };
}

const allowed: OriginVerdict = { ok: true };

function refuse(status: 400 | 403, reason: string): OriginVerdict {
  return { ok: false, status, reason };
}

/** `name`, `name:port`, `[v6]:port`; no user, no path, no trailing dot. */
function isHost(host: string): boolean {
  return /^(?:\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::[1-9]\d{0,4})?$/.test(host);
}

function checkHostSetting(setting: string): string {
  const host = setting.toLowerCase();
  if (!isHost(host)) throw new Error(`allowedHosts: '${setting}' is not a host name with an optional port.`);
  return host;
}

function checkOriginSetting(setting: string): string {
  const url = URL.canParse(setting) ? new URL(setting) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.origin !== setting || !isHost(url.host)) {
    throw new Error(`allowedOrigins: '${setting}' is not an origin such as https://console.example.com.`);
  }
  return setting;
}
