import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';
import type { ClientAddress } from '../../access/users/create-session-log.ts';

/** Where a request came from, for the lists of sessions. */
export type ClientOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => ClientAddress;

/** Hops that are looked at; nobody has more proxies of their own in a row. */
const mostHops = 16;

/**
 * The address is the socket's: a header that names another one can be written by anybody. Where the socket is that of a trusted proxy (an IP
 * address or a CIDR range), `X-Forwarded-For` is read from its end, where that proxy has written: the first address that is no
 * trusted proxy's is the client's. What stands before it was sent along by the client and is not looked at; an entry that is no
 * address ends the walk at the hop behind it. `Forwarded` (RFC 7239) is not read: a proxy that does not know it would pass a client's own on.
 */
export function createClientOf(trustedProxies: readonly string[]): ClientOf {
  const trusted = blockListOf(trustedProxies);
  const isTrusted = (address: string) => trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

  function behind(peer: string, forwarded: string): string {
    let client = peer;
    for (const entry of forwarded.split(',').slice(-mostHops).reverse()) {
      if (!isTrusted(client)) return client;
      const next = addressIn(entry);
      if (next === undefined) return client;
      client = next;
    }
    return client;
  }

  return ({ headers, socket }) => {
    const peer = socket.remoteAddress;
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',');
    const address =
      peer === undefined || forwarded === '' || trustedProxies.length === 0 ? peer : behind(peer, forwarded);
    return { address, userAgent: headers['user-agent'] };
  };
}

/** `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`. */
function addressIn(entry: string): string | undefined {
  const text = entry.trim();
  if (text.length > 64) return undefined;
  const found = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i.exec(text) ?? /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text);
  const address = found?.[1] ?? text;
  return isIP(address) === 0 || address.includes('%') ? undefined : address;
}

/** IPv4 ranges hold for addresses in their IPv6 form, too (`::ffff:10.0.0.1`), which is how some systems show a socket's. */
function blockListOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix), family);
  }
  return list;
}
