import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { callWithDeadline } from './call-with-deadline.ts';
import { createManualClock } from './manual-clock.ts';

const kernel = fileURLToPath(new URL('.', import.meta.url));

describe('callWithDeadline', () => {
  const options = (clock = createManualClock()) => ({
    clock,
    deadlineMs: 1_000,
    onTimeout: () => new Error('time is up'),
  });

  it('answers with what the call answers, whether it waits or not', async () => {
    expect(await callWithDeadline(() => 1, options())).toBe(1);
    expect(await callWithDeadline(async () => 2, options())).toBe(2);
  });

  it('rejects with what the call throws, whether it waits or not', async () => {
    const fails = () => {
      throw new Error('own');
    };
    await expect(callWithDeadline(fails, options())).rejects.toThrow('own');
    await expect(callWithDeadline(async () => fails(), options())).rejects.toThrow('own');
  });

  it('rejects when time is up, and hands on what the call rejects with later', async () => {
    const clock = createManualClock();
    const { promise, reject } = Promise.withResolvers<void>();
    const onLateError = vi.fn();
    const waiting = callWithDeadline(() => promise, { ...options(clock), onLateError });
    clock.advance(1_000);
    await expect(waiting).rejects.toThrow('time is up');
    reject(new Error('late'));
    await vi.waitFor(() => expect(onLateError).toHaveBeenCalledWith(new Error('late')));
  });

  it('keeps the process alive until time is up, and not longer', async () => {
    const code = `
      import { callWithDeadline } from '${kernel}call-with-deadline.ts';
      import { systemClock } from '${kernel}clock.ts';
      const options = { clock: systemClock, deadlineMs: 200, onTimeout: () => new Error('time is up') };
      await callWithDeadline(() => new Promise(() => {}), options).catch((error) => console.log(error.message));
      await callWithDeadline(() => 1, { ...options, deadlineMs: 60_000 });`;
    const node = join(kernel, '../../node_modules/node/bin/node');
    const { stdout } = await promisify(execFile)(node, ['--input-type=module', '-e', code], { timeout: 15_000 });
    expect(stdout).toBe('time is up\n');
  });
});
