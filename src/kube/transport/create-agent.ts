import { Agent, type Dispatcher, ProxyAgent, Socks5ProxyAgent } from 'undici';
import { countRequests } from './count-cost.ts';
import type { AppliedCredentials } from './create-credentials.ts';

/**
 * The connections of one cluster. HTTP/1.1 on purpose: each watch has its own socket, so that one stuck stream stops
 * nothing else, aborting one heals it, and TCP keep-alive (15 s) finds a peer that vanished without a word.
 */
export function createAgent(credentials: AppliedCredentials): Dispatcher {
  return createConnections(credentials).compose(countRequests);
}

function createConnections(credentials: AppliedCredentials): Dispatcher {
  const { tls, lookup } = credentials;
  const connect = {
    ...tls,
    ...(lookup && { lookup }),
    keepAlive: true,
    keepAliveInitialDelay: 15_000,
    timeout: 10_000,
  };
  const options = {
    allowH2: false,
    keepAliveTimeout: 30_000,
    // Deadlines are kept by the transport, by the injected clock.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
  };
  const { proxyUrl } = credentials;
  if (proxyUrl === undefined || proxyUrl === '') return new Agent({ ...options, connect });
  if (proxyUrl.startsWith('socks')) return new Socks5ProxyAgent(proxyUrl, { ...options, requestTls: connect });
  return new ProxyAgent({ ...options, uri: proxyUrl, requestTls: connect });
}
