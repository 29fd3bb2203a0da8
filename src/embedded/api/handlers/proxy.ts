import type { Handler } from '../api-context.ts';
import { resourceOf } from '../resource-of.ts';
import { StatusError } from '../status-error.ts';
import { hostOf } from '../streaming/session-request.ts';
import { statsPath, summarizeNode } from './node-stats.ts';

/** `pods/portforward`: there is no network behind a simulated container. */
export const handlePortForward: Handler = (context, request) => {
  const { namespace, name } = request.info;
  hostOf(context.registry.require(resourceOf(context, request), namespace, name));
  throw unsupported('port forwarding', 'the containers of this simulated cluster listen on no ports');
};

/** `proxy` of pods, services and nodes: nobody listens there but the kubelet, which tells what its node knows of volumes. */
export const handleProxy: Handler = (context, request) => {
  const { namespace, name, resource } = request.info;
  // Services and pods are addressed as `[scheme:]name[:port]`.
  const [first = '', second] = name.split(':');
  const plain = second === undefined || !['http', 'https'].includes(first) ? first : second;
  context.registry.require(resourceOf(context, request), namespace, plain);
  if (resource === 'nodes' && request.info.verb === 'get' && request.info.path.endsWith(`/${statsPath}`)) {
    return summarizeNode(context, plain);
  }
  throw unsupported(`proxying to ${resource}`, 'nothing listens behind the objects of this simulated cluster');
};

function unsupported(what: string, why: string): StatusError {
  return new StatusError(405, 'MethodNotAllowed', `${what} is not supported: ${why}`);
}
