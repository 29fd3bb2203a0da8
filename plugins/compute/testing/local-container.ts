import { spawn } from 'node:child_process';
import type { Cluster, PodSession, PodSessionEnd, PodSessionListener } from 'longshore/sdk';

/** A cluster whose containers are this machine: what is run in them runs here, by this machine's own programs. */
export function localContainer(options: { readonly path?: string } = {}): Pick<Cluster, 'openPodSession'> {
  return {
    async openPodSession({ command = [] }) {
      const [program = '', ...args] = command;
      const env = options.path === undefined ? process.env : { PATH: options.path };
      const child = spawn(program === 'sh' ? '/bin/sh' : program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
      const ended = Promise.withResolvers<PodSessionEnd>();
      let listener: PodSessionListener | undefined;
      child.stdout.pause();
      child.stderr.resume();
      child.stdout.on('data', (data: Buffer) => listener?.onOutput('stdout', data));
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
        write: () => true,
        resize: () => true,
        pause: () => void child.stdout.pause(),
        resume: () => void child.stdout.resume(),
        hangUp() {
          child.kill('SIGKILL');
          child.stdout.resume();
          return ended.promise;
        },
      };
      return session;
    },
  };
}
