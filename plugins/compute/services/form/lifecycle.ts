import type { Draft } from './draft.ts';
import type { Maybe } from './maybe.ts';
import { type HttpRequestForm, toHttpGet } from './probes.ts';

/** What runs at a moment of a container's life: exactly one of them. */
export interface HandlerForm {
  readonly exec?: Maybe<{ readonly command: readonly string[] }>;
  readonly httpGet?: Maybe<HttpRequestForm>;
}

export interface LifecycleForm {
  readonly postStart?: Maybe<HandlerForm>;
  readonly preStop?: Maybe<HandlerForm>;
}

const handlers = ['exec', 'httpGet', 'tcpSocket', 'sleep'] as const;

/** What runs right after a container was made, and before it is stopped (CMP-49). */
export function writeLifecycle(container: Draft, form: LifecycleForm): void {
  container.inside('lifecycle', [], (lifecycle) => {
    for (const moment of ['postStart', 'preStop'] as const) {
      const handler = form[moment];
      if (handler === undefined) continue;
      if (handler === null) lifecycle.set(moment, null);
      else {
        lifecycle.inside(moment, [moment], (draft) => {
          for (const other of handlers) delete draft.object[other];
          if (handler.exec) draft.set('exec', { command: [...handler.exec.command] });
          if (handler.httpGet) draft.set('httpGet', { ...toHttpGet(handler.httpGet), scheme: 'HTTP' });
        });
      }
    }
  });
}
