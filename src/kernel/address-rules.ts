import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** Decides to which addresses the gateway may be sent by something that a user wrote. */
export interface AddressRules {
  /** A host that the operator allows by name, whatever it resolves to (except link-local addresses). */
  allowsHost(host: string, port: number): boolean;
  /** Whether this one IP address may be called. */
  allowsAddress(address: string, options: { readonly isHostAllowed: boolean }): boolean;
}

/**
 * Public addresses are allowed; loopback, private, link-local, metadata, multicast and reserved ones are not, also behind
 * IPv4-mapped, NAT64 and 6to4 forms. `allow` opens some: a host, host:port, an IP address or a CIDR range. Throws for an entry
 * that is none of these.
 */
export function createAddressRules(allow: readonly string[]): AddressRules {
  const open = new BlockList();
  const hosts = new Set<string>();
  for (const entry of allow) {
    const [address = '', prefix] = entry.split('/');
    const bare = address.replace(/^\[(.*)\]$/, '$1');
    const family = isIP(bare);
    if (family !== 0) {
      const length = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
      open.addSubnet(bare, length, family === 4 ? 'ipv4' : 'ipv6');
    } else if (prefix === undefined && /^([a-z0-9_-]+\.)*[a-z0-9_-]+\.?(:\d{1,5})?$/i.test(entry)) {
      hosts.add(withoutDot(entry.toLowerCase()));
    } else {
      throw new Error(`egress.allow: '${entry}' is no host, host:port, IP address or CIDR range`);
    }
  }

  return {
    allowsHost(host, port) {
      const name = withoutDot(host.toLowerCase());
      return hosts.has(name) || hosts.has(`${name}:${port}`);
    },
    allowsAddress(address, { isHostAllowed }) {
      const plain = plainAddress(address);
      if (plain === undefined) return false;
      const family = isIPv4(plain) ? 'ipv4' : 'ipv6';
      if (open.check(plain, family)) return true;
      // Metadata services answer there: a name that somebody else controls must never lead to one.
      if (linkLocal.check(plain, family)) return false;
      return isHostAllowed || isPublic(plain);
    },
  };
}

/** Whether a host that is an address by itself, or that always means this machine (RFC 6761), may be called. */
export function allowsAsWritten(rules: AddressRules, url: URL): boolean {
  const port = portOf(url);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isHostAllowed = rules.allowsHost(host, port);
  if (isIP(host) !== 0) return rules.allowsAddress(host, { isHostAllowed });
  return !/(^|\.)localhost\.?$/.test(host) || rules.allowsAddress('127.0.0.1', { isHostAllowed });
}

/** The port that a URL leads to. */
export function portOf({ port, protocol }: Pick<URL, 'port' | 'protocol'>): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

function withoutDot(host: string): string {
  return host.replace(/\.(?=:|$)/, '');
}

/** The IPv4 address inside an IPv6 one where there is one; undefined for what is no address. */
function plainAddress(address: string): string | undefined {
  const bare = address.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return undefined;
  const words = wordsOf(bare);
  const [first = 0, second = 0] = words;
  const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff;
  // 64:ff9b::/96 (NAT64) carries the IPv4 address last, 2002::/16 (6to4) after its first word.
  const isTranslated = first === 0x64 && second === 0xff9b && words.slice(2, 6).every((word) => word === 0);
  if (isMapped || isTranslated) return dotted(words[6], words[7]);
  if (first === 0x2002) return dotted(words[1], words[2]);
  return bare;
}

/** The eight 16-bit words of an IPv6 address. */
function wordsOf(address: string): number[] {
  // The URL parser writes every form of an IPv6 address, also one with a dotted end, in words.
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after].map((word) => Number.parseInt(word, 16));
}

function dotted(high = 0, low = 0): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function isPublic(address: string): boolean {
  if (isIPv4(address)) return !notPublic.check(address, 'ipv4');
  // Of IPv6 only 2000::/3 is given out for the Internet.
  return global6.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
}

const linkLocal = blockListOf([
  '169.254.0.0/16',
  'fe80::/10',
  'fd00:ec2::254/128',
  '100.100.100.200/32',
  '168.63.129.16/32',
]);
const global6 = blockListOf(['2000::/3']);

/** IANA's special-purpose registries, and the two metadata addresses of clouds that lie in public ranges. */
const notPublic = blockListOf([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '2001::/23',
  '2001:db8::/32',
  '3fff::/20',
]);

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    list.addSubnet(address, Number(prefix), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
}
