import { spawn } from 'node:child_process';
import type { Cluster } from '../kube/cluster.ts';
import type { PodSession, PodSessionEnd, PodSessionListener } from '../kube/sessions/pod-session.ts';

/**
 * A cluster whose containers are this machine: what is run in them runs here, by this machine's own programs. `path` is where those are
 * looked for; everywhere unless said otherwise.
 */
export function localContainer(options: { readonly path?: string } = {}): Pick<Cluster, 'openPodSession'> {
  return {
    async openPodSession({ command = [], hasInput }) {
      const [program = '', ...args] = command;
      // Without one the environment is this process's own.
      const env = options.path === undefined ? {} : { env: { PATH: options.path } };
      const child = spawn(program === 'sh' ? '/bin/sh' : program, args, { stdio: 'pipe', ...env });
      if (!hasInput) child.stdin.end();
      const ended = Promise.withResolvers<PodSessionEnd>();
      let listener: PodSessionListener | undefined;
      child.stdout.pause();
      child.stderr.resume();
      child.stdout.on('data', (data: Buffer) => listener?.onOutput('stdout', data));
      child.stdin.on('drain', () => listener?.onDrain());
      // What is written to who has ended goes nowhere, as in a cluster.
      child.stdin.on('error', () => undefined);
      child.once('error', ({ message }) => end({ kind: 'FAILED', message }));
      child.once('close', (code) => end(code === null ? { kind: 'LOST' } : { kind: 'EXITED', exitCode: code }));
      function end(how: PodSessionEnd): void {
        ended.resolve(how);
        listener?.onEnd(how);
      }
      const session: PodSession = {
        start(given) {
          listener = given;
          child.stdout.resume();
        },
        write: (data) => child.stdin.write(data),
        resize: () => true,
        pause: () => void child.stdout.pause(),
        resume: () => void child.stdout.resume(),
        hangUp() {
          // With an input its end is all that a process hears; else nothing at all.
          if (hasInput) child.stdin.end();
          else child.kill('SIGKILL');
          child.stdout.resume();
          return ended.promise;
        },
      };
      return session;
    },
  };
}
