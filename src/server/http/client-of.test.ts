import { describe, expect, it } from 'vitest';
import { createClientOf } from './client-of.ts';

const from = (peer: string, forwarded: string | undefined, proxies: readonly string[]) =>
  createClientOf(proxies)({
    socket: { remoteAddress: peer },
    headers: { 'user-agent': 'curl', ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }) },
  } as never).address;

const proxies = ['10.0.0.0/8', '2001:db8:1::/48', '192.0.2.1'];

describe('createClientOf', () => {
  it.each([
    {
      name: 'the socket’s address where no proxy is trusted',
      peer: '10.0.0.1',
      forwarded: '203.0.113.7',
      trusts: [],
      is: '10.0.0.1',
    },
    {
      name: 'the socket’s address where nothing was forwarded',
      peer: '10.0.0.1',
      forwarded: undefined,
      is: '10.0.0.1',
    },
    { name: 'what the one proxy says', peer: '10.0.0.1', forwarded: '203.0.113.7', is: '203.0.113.7' },
    {
      name: 'what the first of several proxies says',
      peer: '10.0.0.1',
      forwarded: '203.0.113.7, 10.2.2.2, 192.0.2.1',
      is: '203.0.113.7',
    },
    {
      name: 'what a proxy over IPv6 says',
      peer: '2001:db8:1::9',
      forwarded: '[2001:db8:2::7]:4711',
      is: '2001:db8:2::7',
    },
    {
      name: 'what a proxy says whose socket is shown as IPv6',
      peer: '::ffff:10.0.0.1',
      forwarded: '203.0.113.7:80',
      is: '203.0.113.7',
    },
    {
      name: 'the farthest one where all are proxies',
      peer: '10.0.0.1',
      forwarded: '10.9.9.9, 10.2.2.2',
      is: '10.9.9.9',
    },
  ])('takes $name', ({ peer, forwarded, trusts, is }) => {
    expect(from(peer, forwarded, trusts ?? proxies)).toBe(is);
  });

  it.each([
    { name: 'a header by who is no proxy', peer: '198.51.100.9', forwarded: '203.0.113.7', is: '198.51.100.9' },
    {
      name: 'what a client wrote before the proxy did',
      peer: '10.0.0.1',
      forwarded: '127.0.0.1, 10.0.0.5, 203.0.113.7',
      is: '203.0.113.7',
    },
    {
      name: 'what a client wrote as if it were a proxy',
      peer: '10.0.0.1',
      forwarded: '1.1.1.1, 192.0.2.1, 203.0.113.7, 10.2.2.2',
      is: '203.0.113.7',
    },
    { name: 'words', peer: '10.0.0.1', forwarded: 'unknown', is: '10.0.0.1' },
    { name: 'what stands before words', peer: '10.0.0.1', forwarded: '203.0.113.7, _hidden, 10.2.2.2', is: '10.2.2.2' },
    { name: 'nothing between two commas', peer: '10.0.0.1', forwarded: '203.0.113.7,,', is: '10.0.0.1' },
    { name: 'a host name', peer: '10.0.0.1', forwarded: 'localhost', is: '10.0.0.1' },
    { name: 'a number', peer: '10.0.0.1', forwarded: '2130706433', is: '10.0.0.1' },
    { name: 'an address with a zone', peer: '10.0.0.1', forwarded: 'fe80::1%eth0', is: '10.0.0.1' },
    { name: 'an address with a line in it', peer: '10.0.0.1', forwarded: '203.0.113.7\u2028x', is: '10.0.0.1' },
    {
      name: 'a 6to4 address as the proxy inside it',
      peer: '2002:a00:1::1',
      forwarded: '203.0.113.7',
      is: '2002:a00:1::1',
    },
    {
      name: 'more hops than anybody has',
      peer: '10.0.0.1',
      forwarded: `203.0.113.7${', 10.0.0.2'.repeat(99)}`,
      is: '10.0.0.2',
    },
  ])('does not take $name (P24, refused)', ({ peer, forwarded, is }) => {
    expect(from(peer, forwarded, proxies)).toBe(is);
  });
});
