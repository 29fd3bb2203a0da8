import { describe, expect, it } from 'vitest';
import { detectLevel, type LogLevel } from './detect-level.ts';

const cases: readonly [LogLevel, string][] = [
  ['ERROR', 'E0131 12:00:00.000000       1 server.go:42] no route'],
  ['INFO', 'I0131 12:00:00.000000       1 server.go:42] error count 0'],
  ['WARN', '{"time":"2026-01-01T00:00:00Z","level":"warning","msg":"slow"}'],
  ['FATAL', '{"severity":"CRITICAL","message":"out of disk"}'],
  ['ERROR', '{"level":50,"time":1,"msg":"pino"}'],
  ['TRACE', '{"name":"bunyan","level":10}'],
  ['DEBUG', 'time="2026-01-01" level=debug msg="error=nil"'],
  ['INFO', 'lvl=info msg=started'],
  ['WARN', '2026-01-01 12:00:00,000 [WARN ] [main] c.e.App - late'],
  ['ERROR', '2026-01-01 12:00:00.000 ERROR 1 --- [main] c.e.App : gone'],
  ['INFO', '2026/01/01 12:00:00 [notice] 1#1: nginx'],
  ['FATAL', 'panic: runtime error: index out of range'],
  ['ERROR', 'Error: listen EADDRINUSE'],
  ['UNKNOWN', '10.0.0.1 - - "GET /error HTTP/1.1" 200'],
  ['UNKNOWN', 'the informant warned us'],
  ['UNKNOWN', 'no errors were found'],
  ['UNKNOWN', '\tat com.example.Main.run(Main.java:3)'],
  ['UNKNOWN', ''],
  ['UNKNOWN', `${'x'.repeat(600)} ERROR`],
];

describe('the level of a line (CMP-102)', () => {
  it.each(cases)('is %s for %s', (level, text) => {
    expect(detectLevel(text)).toBe(level);
  });

  it('is read in a moment from a line made to be slow', () => {
    const started = performance.now();
    for (const text of ['level'.repeat(60_000), '['.repeat(262_144), ' '.repeat(262_144), '"level"'.repeat(40_000)])
      detectLevel(text);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
