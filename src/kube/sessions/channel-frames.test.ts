import { describe, expect, it } from 'vitest';
import { endOfInput, readSessionStatus } from './channel-frames.ts';

const failure = (more: object) => ({ metadata: {}, status: 'Failure', ...more });
const exit = (message: unknown) =>
  failure({ reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message }] }, message: 'failed' });

describe('the end of a session, as the cluster tells it (CMP-109)', () => {
  it.each([
    { name: 'success', said: { status: 'Success' }, end: { kind: 'EXITED', exitCode: 0 } },
    { name: 'an exit code', said: exit('42'), end: { kind: 'EXITED', exitCode: 42 } },
    { name: 'an exit code that is no number', said: exit('many'), end: { kind: 'FAILED', message: 'failed' } },
    { name: 'a failure to start', said: failure({ message: 'no sh' }), end: { kind: 'FAILED', message: 'no sh' } },
    { name: 'a failure without words', said: failure({}), end: { kind: 'FAILED', message: 'the cluster ended it' } },
    { name: 'another status (refused)', said: { status: 'Maybe' }, end: undefined },
    { name: 'null (refused)', said: null, end: undefined },
  ])('is $name', ({ said, end }) => {
    expect(readSessionStatus(Buffer.from(JSON.stringify(said)))).toEqual(end);
  });

  it('is nothing where it is no JSON (refused)', () => {
    expect(readSessionStatus(Buffer.from('exit status 1'))).toBeUndefined();
  });

  it('of the input can be said from v5 on', () => {
    expect([...endOfInput('v5.channel.k8s.io')]).toEqual([255, 0]);
    expect([...endOfInput('v4.channel.k8s.io')]).toEqual([0]);
  });
});
