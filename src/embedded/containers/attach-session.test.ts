import { describe, expect, it } from 'vitest';
import { createManualClock } from '../controllers/testing/manual-clock.ts';
import type { LogLine, LogSource } from '../store/types.ts';
import { attachSession } from './attach-session.ts';
import type { ContainerInstance } from './create-container-sessions.ts';

describe('attachSession', () => {
  it('sends the last lines to a slow client before it ends', async () => {
    let tell: (line: LogLine) => void = () => undefined;
    let close: () => void = () => undefined;
    const logs: LogSource = {
      read: () => [],
      follow(_namespace, _pod, _container, listener, ended) {
        [tell, close] = [listener, ended];
        return () => undefined;
      },
    };
    const sent: string[] = [];
    const instance = { kills: new Set<() => void>() } as ContainerInstance;
    const session = attachSession(instance, {
      clock: createManualClock(),
      logs,
      request: { namespace: 'default', pod: 'web', container: 'main', hasInput: false, isTerminal: false },
      output: {
        async stdout(data) {
          await new Promise((resolve) => setImmediate(resolve));
          sent.push(Buffer.from(data).toString());
        },
      },
    });
    tell({ time: '1', text: 'first' });
    tell({ time: '2', text: 'second' });
    tell({ time: '3', text: 'third' });
    close();
    expect(await session.end).toEqual({ exitCode: 0 });
    expect(sent.join('')).toBe('first\nsecond\nthird\n');
    expect(instance.kills.size).toBe(0);
  });
});
