import {
  probeFailureThreshold,
  probeInitialDelaySeconds,
  probePeriodSeconds,
  probeSuccessThreshold,
  probeTimeoutSeconds,
} from '../../profile-keys/probes.ts';
import type { Draft } from './draft.ts';
import type { Maybe } from './maybe.ts';

export interface HttpRequestForm {
  readonly path?: Maybe<string>;
  readonly port: number | string;
  readonly host?: Maybe<string>;
  readonly headers?: Maybe<readonly { readonly name: string; readonly value: string }[]>;
}

/** What a probe does: exactly one of them. */
export interface ProbeActionForm {
  readonly exec?: Maybe<{ readonly command: readonly string[] }>;
  readonly tcpSocket?: Maybe<{ readonly port: number | string; readonly host?: Maybe<string> }>;
  readonly httpGet?: Maybe<HttpRequestForm>;
  readonly httpsGet?: Maybe<HttpRequestForm>;
}

export interface ProbeForm {
  readonly action?: Maybe<ProbeActionForm>;
  readonly initialDelaySeconds?: Maybe<number>;
  readonly timeoutSeconds?: Maybe<number>;
  readonly periodSeconds?: Maybe<number>;
  readonly successThreshold?: Maybe<number>;
  readonly failureThreshold?: Maybe<number>;
}

export interface ProbesForm {
  readonly livenessProbe?: Maybe<ProbeForm>;
  readonly readinessProbe?: Maybe<ProbeForm>;
  readonly startupProbe?: Maybe<ProbeForm>;
}

const names = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const actions = ['exec', 'tcpSocket', 'httpGet', 'grpc'] as const;

/** How the kubelet looks after a container (CMP-51); numbers that a new probe does not say are the profile's. */
export function writeProbes(container: Draft, form: ProbesForm): void {
  for (const name of names) {
    const probe = form[name];
    if (probe === undefined) continue;
    if (probe === null) container.set(name, null);
    else container.inside(name, [name], (draft) => writeProbe(draft, probe, name));
  }
}

function writeProbe(draft: Draft, form: ProbeForm, name: (typeof names)[number]): void {
  const isNew = Object.keys(draft.object).length === 0;
  if (form.action) {
    for (const action of actions) delete draft.object[action];
    const [field, value] = toAction(form.action);
    draft.set(field, value, ['action']);
  } else if (isNew) {
    draft.refuse(['action'], 'required', 'action must say what the probe does');
  }
  const { profile } = draft.sheet;
  const defaults = {
    initialDelaySeconds: profile.get(probeInitialDelaySeconds),
    timeoutSeconds: profile.get(probeTimeoutSeconds),
    periodSeconds: profile.get(probePeriodSeconds),
    // Of liveness and startup the cluster takes nothing but 1.
    successThreshold: name === 'readinessProbe' ? profile.get(probeSuccessThreshold) : 1,
    failureThreshold: profile.get(probeFailureThreshold),
  };
  for (const field of Object.keys(defaults) as (keyof typeof defaults)[]) {
    const given = form[field];
    // What is taken away comes back by the profile, not by the cluster.
    draft.set(field, given ?? (isNew || given === null ? defaults[field] : undefined), [field]);
  }
}

function toAction({ exec, tcpSocket, httpGet, httpsGet }: ProbeActionForm): readonly [string, object] {
  if (exec) return ['exec', { command: [...exec.command] }];
  if (tcpSocket) return ['tcpSocket', toSocket(tcpSocket)];
  if (httpsGet) return ['httpGet', { ...toHttpGet(httpsGet), scheme: 'HTTPS' }];
  return ['httpGet', httpGet ? { ...toHttpGet(httpGet), scheme: 'HTTP' } : {}];
}

const toSocket = ({ port, host }: { readonly port: number | string; readonly host?: Maybe<string> }): object => ({
  port,
  ...(host ? { host } : {}),
});

export function toHttpGet({ path, port, host, headers }: HttpRequestForm): object {
  return {
    path: path ?? '/',
    port,
    ...(host ? { host } : {}),
    ...(headers && headers.length > 0 ? { httpHeaders: headers.map(({ name, value }) => ({ name, value })) } : {}),
  };
}
