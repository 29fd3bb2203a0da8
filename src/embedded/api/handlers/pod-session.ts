import type { ContainerSession, SessionOutput } from '../../containers/container-session.ts';
import type { Answer, ApiContext, ApiRequest, Handler } from '../api-context.ts';
import { resourceOf } from '../resource-of.ts';
import { badRequest, tooManyRequests } from '../status-error.ts';
import { chooseProtocol } from '../streaming/accept-socket.ts';
import { channelProtocols } from '../streaming/channel-socket.ts';
import { runSession } from '../streaming/run-session.ts';
import { chooseContainer, demandKubelet, hostOf, parseSessionOptions } from '../streaming/session-request.ts';

/** So many sessions may be open at once. */
const maxSessions = 500;

/** GET or POST on `pods/<name>/exec`: a command in a container, over a WebSocket. */
export const handlePodExec: Handler = (context, request) => serveSession(context, request, 'exec');

/** GET or POST on `pods/<name>/attach`: the container's own output, over a WebSocket. */
export const handlePodAttach: Handler = (context, request) => serveSession(context, request, 'attach');

async function serveSession(context: ApiContext, request: ApiRequest, kind: 'exec' | 'attach'): Promise<Answer> {
  const { namespace = '', name } = request.info;
  const options = parseSessionOptions(request.query);
  const pod = context.registry.require(resourceOf(context, request), namespace, name);
  const container = chooseContainer(pod, options.container);
  const node = hostOf(pod);
  const sessions = demandKubelet(context, node, context.sessions());
  const target = { namespace, pod: name, container };
  if (request.headers.upgrade === undefined) throw badRequest('Upgrade request required');

  // From here on the kubelet answers, in plain text.
  if (!options.stdin && !options.stdout && !options.stderr) {
    return plain(400, 'you must specify at least 1 of stdin, stdout, stderr');
  }
  if (!sessions.isRunning(target)) {
    const missing =
      kind === 'exec'
        ? `container not found (${JSON.stringify(container)})`
        : `container ${container} not found in pod ${name}_${namespace}`;
    return plain(500, missing);
  }
  if (kind === 'exec' && options.command.length === 0) return plain(400, 'you must specify a command');
  if (request.upgrade === undefined) throw badRequest(noSpdy);
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  if (chooseProtocol(offered) === undefined) {
    return plain(
      400,
      `requested protocol(s) are not supported: [${offered.join(' ')}]; supports [${channelProtocols.join(' ')}]`,
    );
  }
  if (context.sessionStreams.count >= maxSessions) throw tooManyRequests('too many open exec and attach sessions', 1);
  const begin = (output: SessionOutput): ContainerSession => {
    const asked = { ...target, hasInput: options.stdin, isTerminal: options.tty };
    return kind === 'exec'
      ? sessions.exec({ ...asked, command: options.command }, output)
      : sessions.attach(asked, output);
  };
  await runSession(context, request.upgrade, options, begin);
  return 'streamed';
}

const noSpdy =
  'this simulated cluster speaks WebSocket (v5.channel.k8s.io, v4.channel.k8s.io) and not SPDY; use kubectl 1.31 or later';

function plain(code: number, text: string): Answer {
  return { code, text, contentType: 'text/plain; charset=utf-8' };
}
