import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction, Socket } from 'node:net';
import { buildConnector } from 'undici';
import { type AddressRules, portOf } from './address-rules.ts';

/** All addresses of a host name. */
export type ResolveHost = (host: string) => Promise<readonly LookupAddress[]>;

/** The address must not be called. Its message is for the log: it tells nothing about what a name resolved to. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
  constructor() {
    super('the address is not allowed by the egress rules');
  }
}

/** By the system's resolver. */
export const resolveBySystem: ResolveHost = (host) => lookup(host, { all: true, verbatim: true });

const connectTimeoutMs = 10_000;

/**
 * Connects only to allowed addresses: the check is part of the name look-up that the connection itself uses, and the peer of the
 * finished connection is checked once more.
 */
export function createGuardedConnector(rules: AddressRules, resolve: ResolveHost): buildConnector.connector {
  // One connector for each answer to "is this host allowed by name", since a look-up is not told the port.
  const connectors = [false, true].map((isHostAllowed) =>
    buildConnector({ timeout: connectTimeoutMs, allowH2: false, lookup: createLookup(rules, resolve, isHostAllowed) }),
  );

  return (options, callback) => {
    const { hostname, port, protocol } = options;
    const isHostAllowed = rules.allowsHost(hostname, portOf({ port: port ?? '', protocol: protocol ?? '' }));
    connectors[Number(isHostAllowed)]?.(options, (...result) => {
      const [error, socket] = result;
      if (error === null && !isPeerAllowed(socket, rules, isHostAllowed)) {
        socket.destroy();
        callback(new AddressRefusedError(), null);
        return;
      }
      callback(...result);
    });
  };
}

/** The look-up of a host's name for connections to this URL alone: it fails with `AddressRefusedError` where the name leads to what must not be called. */
export function createGuardedLookup(
  rules: AddressRules,
  url: URL,
  resolve: ResolveHost = resolveBySystem,
): LookupFunction {
  return createLookup(rules, resolve, rules.allowsHost(url.hostname, portOf(url)));
}

function createLookup(rules: AddressRules, resolve: ResolveHost, isHostAllowed: boolean): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        // One address inside among many is refused too: which one a connection takes is chance.
        if (!first || !addresses.every(({ address }) => rules.allowsAddress(address, { isHostAllowed }))) {
          callback(new AddressRefusedError(), '', 0);
        } else if (options.all) {
          callback(null, [...addresses]);
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

function isPeerAllowed(socket: Socket, rules: AddressRules, isHostAllowed: boolean): boolean {
  return socket.remoteAddress !== undefined && rules.allowsAddress(socket.remoteAddress, { isHostAllowed });
}
