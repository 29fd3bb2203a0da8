import { type ChildProcess, spawn } from 'node:child_process';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../../kernel/clock.ts';

type Start = (command: string, args?: readonly string[], options?: object) => ChildProcess;

/**
 * Ends the credential plugins of a kubeconfig that do not end by themselves. The library starts them, waits for ever and
 * leaves their input open, so that one that asks a question waits for ever too. Returns what ends those that run now.
 */
export function limitPlugins(config: KubeConfig, clock: Clock, limitMs: number): () => void {
  const running = new Set<() => void>();
  const start: Start = (command, args = [], options = {}) => {
    const child = spawn(command, args, { ...options, stdio: 'pipe' });
    const end = () => {
      child.kill('SIGKILL');
      // What the plugin itself started may hold them open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const cancel = clock.schedule(limitMs, end);
    running.add(end);
    child.once('close', () => {
      cancel();
      running.delete(end);
    });
    // A plugin that is not there, or has ended, takes no input.
    child.stdin.on('error', () => undefined);
    child.stdin.end();
    return child;
  };
  const authenticators: unknown = Reflect.get(config, 'authenticators');
  for (const authenticator of Array.isArray(authenticators) ? authenticators : []) {
    if (typeof authenticator === 'object' && authenticator !== null && 'execFn' in authenticator)
      Reflect.set(authenticator, 'execFn', start);
  }
  return () => {
    for (const end of running) end();
  };
}
