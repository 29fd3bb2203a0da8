import { asObject, asObjectList, asString } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { ApiContext } from '../api-context.ts';
import { isTrue } from '../list-options.ts';
import { badRequest, internalError, notFound } from '../status-error.ts';

/** The query of `exec` and `attach` (`PodExecOptions`, `PodAttachOptions`). */
export interface SessionOptions {
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

export function parseSessionOptions(query: URLSearchParams): SessionOptions {
  const asks = (name: string): boolean => isTrue(query.get(name));
  const tty = asks('tty');
  return {
    container: query.get('container') ?? '',
    command: query.getAll('command'),
    stdin: asks('stdin'),
    stdout: asks('stdout'),
    // A terminal has one stream for both.
    stderr: asks('stderr') && !tty,
    tty,
  };
}

/** The only container, or the one that was named. Throws `StatusError` 400 when there is a choice to make. */
export function chooseContainer(pod: ClusterObject, asked: string): string {
  const spec = asObject(pod.spec) ?? {};
  const namesIn = (list: string): string[] => asObjectList(spec[list]).map((container) => String(container.name));
  const containers = namesIn('containers');
  const all = [...namesIn('initContainers'), ...containers, ...namesIn('ephemeralContainers')];
  const podName = pod.metadata.name;
  if (asked !== '') {
    if (!all.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${podName}`);
    return asked;
  }
  const [only] = containers;
  if (containers.length === 1 && only !== undefined) return only;
  const choices = containers.length === 0 ? '' : `, choose one of: [${all.join(' ')}]`;
  throw badRequest(`a container name must be specified for pod ${podName}${choices}`);
}

/** The node the pod runs on. Throws `StatusError` 400 while it has none. */
export function hostOf(pod: ClusterObject): string {
  const node = asString(asObject(pod.spec)?.nodeName) ?? '';
  if (node === '') throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  return node;
}

/** What the node's kubelet offers. Throws `StatusError` 404 where there is no such node, 500 where no kubelet answers. */
export function demandKubelet<T>(context: ApiContext, node: string, offered: T | undefined): T {
  // The real server names the node as if it were a pod: the error takes the resource of the request.
  if (context.registry.environment.find('', 'nodes', node) === undefined) throw notFound(podNames, node);
  if (offered === undefined) {
    throw internalError(`error dialing backend: dial tcp: lookup ${node}: no kubelets run in this cluster`);
  }
  return offered;
}

const podNames = { group: '', plural: 'pods', kind: 'Pod' };
