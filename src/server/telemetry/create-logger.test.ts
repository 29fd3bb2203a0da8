import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger } from './create-logger.ts';

function capture(logFormat: 'json' | 'pretty', logLevel: 'debug' | 'info' = 'info') {
  const lines: string[] = [];
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, logger: createLogger({ logFormat, logLevel }, out) };
}

describe('createLogger', () => {
  it.each([
    'authorization',
    'token',
    'password',
    'data',
    'kubeconfig',
    'databaseUrl',
    'secretKey',
  ])('never writes the value of %s, at any of the first three levels', (key) => {
    for (const format of ['json', 'pretty'] as const) {
      const { lines, logger } = capture(format);
      logger.info({ [key]: 'hunter2', one: { [key]: 'hunter2', two: { [key]: 'hunter2' } } }, 'signed in');
      expect(lines.join('')).toContain('signed in');
      expect(lines.join('')).not.toContain('hunter2');
    }
  });

  it('writes one JSON object a line, with the request and the error', () => {
    const { lines, logger } = capture('json');
    logger.child({ requestId: 'r-1' }).error({ err: new Error('broken') }, 'a resolver failed');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      requestId: 'r-1',
      msg: 'a resolver failed',
      err: { message: 'broken' },
    });
  });

  it('goes on when nobody reads any more', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const out = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    out.on('close', resolve);
    const logger = createLogger({ logFormat: 'json', logLevel: 'info' }, out);
    logger.info({}, 'one');
    // Without anybody listening to it, the error of the stream would be an uncaught exception here.
    await closed;
    logger.info({}, 'two');
  });

  it('writes for people: time, level, sentence, the rest', () => {
    const { lines, logger } = capture('pretty');
    logger.warn({ cluster: 'far' }, 'a watch was cut');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}a watch was cut cluster=far\n$/);
  });

  it('keeps to its level', () => {
    const { lines, logger } = capture('json');
    logger.debug({}, 'detail');
    expect(lines).toEqual([]);
  });
});
