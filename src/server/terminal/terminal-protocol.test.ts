import { describe, expect, it } from 'vitest';
import { endOfProcess, shortened } from './terminal-end.ts';
import { chooseProtocol } from './terminal-protocol.ts';

const bytes = (channel: number, text = ''): Buffer => Buffer.concat([Buffer.of(channel), Buffer.from(text)]);
const data = (text: string) => ({ kind: 'data', data: Buffer.from(text) });
const size = { kind: 'resize', columns: 80, rows: 24 };
const largest = { kind: 'resize', columns: 1_000, rows: 1 };
const sizeText = '{"Width":80,"Height":24}';

describe('a protocol of terminals (CMP-109)', () => {
  it.each([
    { name: 'input', message: bytes(0, 'ls'), isBinary: true, read: data('ls') },
    { name: 'input as a text', message: bytes(0, 'ls'), isBinary: false, read: data('ls') },
    { name: 'no input', message: bytes(0), isBinary: true, read: { kind: 'nothing' } },
    { name: 'a size', message: bytes(4, sizeText), isBinary: true, read: size },
    { name: 'the end of the input', message: Buffer.of(255, 0), isBinary: true, read: { kind: 'end' } },
    { name: 'an empty message (refused)', message: Buffer.alloc(0), isBinary: true, read: undefined },
    { name: 'a channel of the other side (refused)', message: bytes(1, 'x'), isBinary: true, read: undefined },
    { name: 'the largest size', message: bytes(4, '{"Width":1000,"Height":1}'), isBinary: true, read: largest },
    ...['0,"Height":24', '80,"Height":0', '-1,"Height":24', '1001,"Height":24', '80,"Height":1e9'].map((sides) => ({
      name: `a size that no terminal has (${sides}) as nothing`,
      message: bytes(4, `{"Width":${sides}}`),
      isBinary: true,
      read: { kind: 'nothing' },
    })),
    ...[
      '80x24',
      'null',
      '[80,24]',
      '{"Width":80}',
      '{"Width":"80","Height":"24"}',
      '{"Width":80.5,"Height":24}',
      '',
    ].map((text) => ({
      name: `${text} for a size (refused)`,
      message: bytes(4, text),
      isBinary: true,
      read: undefined,
    })),
    {
      name: 'more words than a size has (refused)',
      message: bytes(4, sizeText.padEnd(300)),
      isBinary: true,
      read: undefined,
    },
  ])('reads $name in channels', ({ message, isBinary, read }) => {
    expect(chooseProtocol(['v4.channel.k8s.io', 'v5.channel.k8s.io'])?.read(message, isBinary)).toEqual(read);
  });

  it.each([
    { name: 'what is typed', message: Buffer.from('ls'), isBinary: false, read: data('ls') },
    { name: 'a text that begins as a channel would', message: bytes(4, 'x'), isBinary: false, read: data('\x04x') },
    { name: 'a report of the mouse', message: Buffer.from('\x1b[M !!'), isBinary: true, read: data('\x1b[M !!') },
    { name: 'a size', message: bytes(4, sizeText), isBinary: true, read: size },
    { name: 'an empty text', message: Buffer.alloc(0), isBinary: false, read: { kind: 'nothing' } },
    { name: 'any other bytes (refused)', message: Buffer.of(77), isBinary: true, read: undefined },
  ])('reads $name from an AttachAddon', ({ message, isBinary, read }) => {
    expect(chooseProtocol(['attach.longshore'])?.read(message, isBinary)).toEqual(read);
  });

  it('writes output by channel, or as it is', () => {
    const text = Buffer.from('x');
    expect(Buffer.from(chooseProtocol(['v5.channel.k8s.io'])?.output('stderr', text) ?? [])).toEqual(bytes(2, 'x'));
    expect(chooseProtocol(['attach.longshore'])?.output('stderr', text)).toEqual(text);
  });

  it.each([[[]], [['graphql-transport-ws']], [['ticket.v5.channel.k8s.io']]])('is none of %j (refused)', (offered) => {
    expect(chooseProtocol(offered)).toBeUndefined();
  });
});

describe('what a client is told of the end', () => {
  it.each([
    [
      { kind: 'EXITED', exitCode: 2 },
      { why: 'EXITED', code: 1000, reason: 'Exited with code 2' },
    ],
    [
      { kind: 'FAILED', message: 'no\nsuch thing' },
      { why: 'FAILED', code: 1011, reason: 'no such thing' },
    ],
    [{ kind: 'LOST' }, { why: 'CLUSTER_LOST', code: 1011, reason: 'The connection to the cluster is gone' }],
  ] as const)('is of %j: %j', (end, told) => expect(endOfProcess(end)).toEqual(told));

  it.each(['x'.repeat(200), '\u{1F600}'.repeat(60), 'é'.repeat(100)])('fits into a close frame', (text) => {
    expect(Buffer.byteLength(shortened(text))).toBeLessThanOrEqual(123);
    expect(shortened(text).isWellFormed()).toBe(true);
  });
});
