import type { PodLogLine } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { admin, createWorld, member, stranger } from '../testing/create-world.ts';
import { makePod } from '../testing/make-objects.ts';

const lines: PodLogLine[] = [
  { time: '2026-01-01T00:00:00.1Z', text: 'one', isCut: false },
  { time: '2026-01-01T00:00:00.2Z', text: 'two', isCut: true },
];
const pod = makePod({
  metadata: { name: 'vote-0' },
  spec: { containers: [{ name: 'web' }, { name: 'proxy' }], initContainers: [{ name: 'init' }] },
});
const source = (args: string) =>
  `subscription { podLogLines(cluster: "c1", namespace: "shop", ${args}) { type cursor line { time text isCut } } }`;

interface Message {
  readonly type: string;
  readonly cursor: string;
  readonly line: { readonly time: Date | string; readonly text: string; readonly isCut: boolean } | null;
}

async function open(args: string, as = admin) {
  const world = createWorld({ objects: [pod], lines });
  const stream = await world.open(source(args), as);
  if (!(Symbol.asyncIterator in stream)) return { world, errors: stream.errors?.map((error) => error.message) };
  const messages: Message[] = [];
  for await (const { data } of stream) messages.push(JSON.parse(JSON.stringify(data)).podLogLines);
  return { world, messages };
}

describe('podLogLines', () => {
  it('sends lines with their times, for a member too', async () => {
    const { messages } = await open('pod: "vote-0"', member);
    expect(messages?.map(({ type, line }) => ({ type, ...line }))).toEqual([
      { type: 'ADDED', time: '2026-01-01T00:00:00.100Z', text: 'one', isCut: false },
      { type: 'ADDED', time: '2026-01-01T00:00:00.200Z', text: 'two', isCut: true },
    ]);
  });

  it.each([
    ['follows the first container', 'pod: "vote-0"', { container: 'web', follow: true, previous: false }],
    ['takes the container asked for', 'pod: "vote-0", container: "init"', { container: 'init' }],
    [
      'asks for the newest lines of the last run',
      'pod: "vote-0", follow: false, previous: true, tail: 5',
      { follow: false, previous: true, tailLines: 5 },
    ],
    [
      'asks for lines since a time',
      'pod: "vote-0", since: "2026-01-01T00:00:00Z"',
      { sinceTime: '2026-01-01T00:00:00.000Z' },
    ],
  ])('%s', async (_name, args, request) => {
    const { world } = await open(args);
    expect(world.logs).toMatchObject([{ namespace: 'shop', pod: 'vote-0', ...request }]);
  });

  it('resumes behind the line of a cursor, whatever tail and since say', async () => {
    const { messages } = await open('pod: "vote-0"');
    const resumed = await open(
      `pod: "vote-0", tail: 1, since: "2027-01-01T00:00:00Z", after: "${messages?.[0]?.cursor}"`,
    );
    expect(resumed.messages?.map(({ line }) => line?.text)).toEqual(['two']);
    expect(resumed.world.logs[0]).toMatchObject({ sinceTime: '2026-01-01T00:00:00.1Z' });
    expect(resumed.world.logs[0]).not.toHaveProperty('tailLines');
  });

  const missing = (name: string) => [`There is no pod '${name}' in namespace 'shop' of cluster 'c1'`];
  it.each([
    ['a pod that is missing', 'pod: "gone"', admin, missing('gone')],
    ['a pod that is not for the caller, in the same words', 'pod: "vote-0"', stranger, missing('vote-0')],
    [
      'a container that is not in it',
      'pod: "vote-0", container: "db"',
      admin,
      ["There is no container 'db' in pod 'vote-0', it has web, proxy, init"],
    ],
    ['a tail below 0', 'pod: "vote-0", tail: -1', admin, ['tail must be 0 to 100000, got -1']],
    [
      'what is no cursor',
      'pod: "vote-0", after: "hello"',
      admin,
      ['The cursor is invalid: it is not one of this stream'],
    ],
  ])('refuses %s', async (_name, args, as, messages) => {
    const { errors, world } = await open(args, as);
    expect(errors).toEqual(messages);
    expect(world.logs).toEqual([]);
  });

  it("refuses the cursor of another container's log", async () => {
    const { messages } = await open('pod: "vote-0"');
    const { errors } = await open(`pod: "vote-0", container: "proxy", after: "${messages?.[0]?.cursor}"`);
    expect(errors).toEqual(['The cursor is invalid: it belongs to another log']);
  });
});
