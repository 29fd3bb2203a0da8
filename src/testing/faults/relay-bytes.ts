import { connect } from 'node:net';
import type { Clock } from '../../kernel/clock.ts';
import type { Link } from './link.ts';
import { createShaper, type LineConditions } from './shaper.ts';

/** Passes the bytes of one connection on, whatever they are; TLS stays between the two ends. */
export function relayBytes(
  link: Link,
  options: { readonly target: URL; readonly clock: Clock; readonly conditions: () => LineConditions },
): void {
  const { target, clock, conditions } = options;
  const defaultPort = target.protocol === 'https:' ? 443 : 80;
  const { socket } = link;
  const onward = connect(Number(target.port) || defaultPort, target.hostname);
  for (const [from, to] of [
    [socket, onward],
    [onward, socket],
  ] as const) {
    const line = createShaper(clock, conditions);
    line.on('error', () => {});
    from.on('error', () => {});
    from.pipe(line);
    line.on('data', (chunk: Buffer) => {
      if (link.isSilent) return;
      if (!to.write(chunk)) line.pause();
    });
    to.on('drain', () => line.resume());
    line.once('end', () => {
      if (!link.isSilent) to.end();
    });
    from.once('close', () => {
      line.destroy();
      if (!link.isSilent || from === socket) to.destroy();
    });
  }
}
