import { BlockList, isIP } from 'node:net';
import { type Library, registerAll } from './library.ts';

class Address {
  readonly text: string;
  readonly family: 'ipv4' | 'ipv6';
  constructor(text: string) {
    const version = isIP(text);
    if (version === 0 || text.includes('%'))
      throw new Error(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
    this.text = text;
    this.family = version === 4 ? 'ipv4' : 'ipv6';
  }
}

class Subnet {
  readonly address: Address;
  readonly prefix: number;
  readonly #inside = new BlockList();
  constructor(text: string) {
    const [, address = '', prefix = ''] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
    const isReal = isAddress(address) && Number(prefix) <= (isIP(address) === 4 ? 32 : 128);
    if (!isReal) throw new Error('network address parse error during conversion from string');
    this.address = new Address(address);
    this.prefix = Number(prefix);
    this.#inside.addSubnet(address, this.prefix, this.address.family);
  }
  contains({ text, family }: Address): boolean {
    return family === this.address.family && this.#inside.check(text, family);
  }
}

const blocks = {
  loopback: blockList(['127.0.0.0/8', '::1/128']),
  linkLocal: blockList(['169.254.0.0/16', 'fe80::/10']),
  linkLocalMulticast: blockList(['224.0.0.0/24', 'ff02::/16']),
  multicast: blockList(['224.0.0.0/4', 'ff00::/8']),
  unspecified: blockList(['0.0.0.0/32', '::/128', '255.255.255.255/32']),
};

/** `ip()`, `cidr()`, `url()` and what can be asked of them. */
export const networkLibrary: Library = (environment) => {
  environment.registerType('net.IP', Address);
  environment.registerType('net.CIDR', Subnet);
  environment.registerType('kubernetes.URL', URL);
  const isIn = (block: BlockList) => (address: Address) => block.check(address.text, address.family);
  registerAll(environment, {
    'isIP(string): bool': isAddress,
    'ip(string): net.IP': (text: string) => new Address(text),
    'string(net.IP): string': ({ text }: Address) => text,
    'net.IP.family(): int': ({ family }: Address) => (family === 'ipv4' ? 4n : 6n),
    'net.IP.isLoopback(): bool': isIn(blocks.loopback),
    'net.IP.isUnspecified(): bool': ({ text }: Address) => /^(?:0\.0\.0\.0|[0:]+)$/.test(text),
    'net.IP.isLinkLocalUnicast(): bool': isIn(blocks.linkLocal),
    'net.IP.isLinkLocalMulticast(): bool': isIn(blocks.linkLocalMulticast),
    'net.IP.isGlobalUnicast(): bool': ({ text, family }: Address) =>
      ![blocks.loopback, blocks.linkLocal, blocks.multicast, blocks.unspecified].some((each) =>
        each.check(text, family),
      ),
    'isCIDR(string): bool': (text: string) => succeeds(() => new Subnet(text)),
    'cidr(string): net.CIDR': (text: string) => new Subnet(text),
    'string(net.CIDR): string': ({ address, prefix }: Subnet) => `${address.text}/${prefix}`,
    'net.CIDR.ip(): net.IP': ({ address }: Subnet) => address,
    'net.CIDR.prefixLength(): int': ({ prefix }: Subnet) => BigInt(prefix),
    'net.CIDR.containsIP(string): bool': (subnet: Subnet, text: string) => subnet.contains(new Address(text)),
    'net.CIDR.containsIP(net.IP): bool': (subnet: Subnet, address: Address) => subnet.contains(address),
    'net.CIDR.containsCIDR(string): bool': (subnet: Subnet, text: string) => containsSubnet(subnet, new Subnet(text)),
    'net.CIDR.containsCIDR(net.CIDR): bool': containsSubnet,
    'isURL(string): bool': (text: string) => succeeds(() => parseUrl(text)),
    'url(string): kubernetes.URL': parseUrl,
    'kubernetes.URL.getScheme(): string': (url: URL) => (url.protocol === 'path:' ? '' : url.protocol.slice(0, -1)),
    'kubernetes.URL.getHost(): string': (url: URL) => url.host,
    'kubernetes.URL.getHostname(): string': (url: URL) => url.hostname.replace(/^\[(.*)\]$/, '$1'),
    'kubernetes.URL.getPort(): string': (url: URL) => url.port,
    'kubernetes.URL.getEscapedPath(): string': (url: URL) => url.pathname,
    'kubernetes.URL.getQuery(): map<string, list<string>>': ({ searchParams }: URL) =>
      new Map([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)])),
  });
  environment.registerOperator('net.IP == net.IP', (left: Address, right: Address) => left.text === right.text);
  environment.registerOperator(
    'net.CIDR == net.CIDR',
    (left: Subnet, right: Subnet) => left.address.text === right.address.text && left.prefix === right.prefix,
  );
};

function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}

function containsSubnet(subnet: Subnet, other: Subnet): boolean {
  return other.prefix >= subnet.prefix && subnet.contains(other.address);
}

/** An absolute URL or an absolute path. Throws where it is neither. */
function parseUrl(text: string): URL {
  return text.startsWith('/') ? new URL(`path:${text}`) : new URL(text);
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', prefix = ''] = subnet.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
